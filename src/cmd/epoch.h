/* SPDX-License-Identifier: MPL-2.0 */
#ifndef CIVIS_CMD_EPOCH_H
#define CIVIS_CMD_EPOCH_H

/* `civis log new-epoch`: argv[0] is "new-epoch". Returns the exit status. */
int cmd_log_new_epoch(int argc, char **argv);

#endif
