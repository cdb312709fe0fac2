/* SPDX-License-Identifier: MPL-2.0 */
/* What the supervisor keeps of its children, and how one is started. Private to this room. */
#ifndef CIVIS_PROCESS_CHILDREN_H
#define CIVIS_PROCESS_CHILDREN_H

#include "process/supervise.h"

/* The supervisor's own descriptors live above those of the children, so that they never collide. */
enum { SUPERVISE_FD_OWN = SUPERVISE_FD_CHANNELS + SUPERVISE_CHANNELS_MAX };

/* The sockets that outlive children. Unset ones are -1. */
struct supervise_sockets {
	unsigned gates, each;                    /* gates, channels of each */
	int listen[SUPERVISE_GATES_MAX];
	int matcher[2];                          /* vault's end, matcher's end */
	int channels[SUPERVISE_CHANNELS_MAX][2]; /* gate's end, vault's end */
};

void supervise_sockets_init(struct supervise_sockets *s);
/* Binds and makes the channels. RC_CONFIG, RC_IO. Close in either case. */
enum rc supervise_sockets_open(struct supervise_sockets *s, const struct supervise_config *config, struct err *e)
	WARN_UNUSED;
void supervise_sockets_close(struct supervise_sockets *s);

/* Starts one child (`number`: which gate); gives its pid and the supervisor's end of its control channel. RC_IO. */
enum rc supervise_spawn(const struct supervise_config *config, const struct supervise_sockets *sockets,
                        enum sandbox_role role, unsigned number, pid_t *ret_pid, int *ret_control, struct err *e) WARN_UNUSED;

#endif
