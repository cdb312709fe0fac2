/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The gate: the process that speaks HTTP and holds the main database. It holds
 * no key, sees no person that the vault did not release, and signs nothing.
 *
 *   workers (HTTP)   each one store reader and one vault client
 *   sequencer        one of each; woken by each registration
 *   feeder           one of each; streams index records to the matcher
 *   errands          one of each; moves cases whose deadline has passed, and has documents end that an act ended
 */
#ifndef CIVIS_GATE_GATE_H
#define CIVIS_GATE_GATE_H

#include "base/err.h"
#include "country/pack.h"
#include "crypto/tls.h"

struct certificate_layouts;

struct gate_config {
	int listen_fd;
	const struct tls_server *tls; /* NULL: plain HTTP */
	struct bytes authority; /* PEM, of the certificate that phones have to trust for it; empty: none of ours */
	int control_fd;       /* end of file: end; −1 none */
	const int *channels;  /* towards the vault */
	size_t channel_count; /* ≥ 4: one for the sequencer, the feeder and the errands each, the rest for workers */
	const char *url;      /* printed when ready */
	const struct pack *pack;
	const struct certificate_layouts *layouts; /* of the certificates */
	const char *register_id; /* whose store it must be */
	const char *log_name;    /* origin without epoch */
	const char *status_base; /* status list N is at status_base/N */
	bool behind_proxy;
	bool read_only;
};

enum { GATE_CHANNELS_DEFAULT = 35, GATE_CHANNELS_MIN = 4 };

/* Runs in the working directory (DIR/gate), inside the sandbox, until SIGTERM or the end of
   control_fd. Returns the exit status. */
int gate_main(const struct gate_config *config);

#endif
