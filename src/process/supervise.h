/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The supervisor: starts gate, vault and matcher from its own program file,
 * keeps them alive, ends them in order. It reads no request and holds no key.
 *
 *            listen socket
 *                 │
 *   gate ══ N channels ══ vault ══ 1 channel ══ matcher
 *     └────────┬────────────┴──────────┬──────────┘
 *         control channel of each to the supervisor
 *
 * There may be several gates, each with a listening socket and N channels of its own.
 *
 * Each child is started as
 *     civis CHILD_ARGS… [--gate=K] --role=ROLE --channels=N
 * (K: the gate's number, from 0, said of those after the first; N: of the vault, those of all gates) with these
 * descriptors and nothing else but 0, 1, 2:
 *
 *     3            control channel: the child reports readiness, the gate hears of restarts; end of file means
 *                  that the supervisor is gone and the child must end
 *     4            gate: the listening socket · vault: its end towards the matcher ·
 *                  matcher: its end towards the vault
 *     8 … 8+N-1    gate and vault: the channels between them; number i of gate K is number K·N + i of the vault
 *
 * The supervisor keeps a copy of both ends of each channel. So a child that was
 * killed comes back onto the same sockets and finds what waits there; and a peer
 * never sees an end of file, it sees silence, and uses deadlines.
 *
 * Readiness: each child calls supervise_ready(). When all have, the text
 * that the gate gave is printed once: "civis: ready at URL", a line for each gate.
 *
 * Ends: SIGTERM and SIGINT end the gates first (they have drain_ms to finish what
 * they have begun; another signal after a second cuts that short), then the vault,
 * then the matcher; the result is 0. A child that exits with SUPERVISE_EXIT_CONFIG
 * stops everything with that status; any other end restarts it, after 100 ms at
 * first, doubling to 5 s, starting anew after 10 s of health. Children are
 * killed if the supervisor dies.
 */
#ifndef CIVIS_PROCESS_SUPERVISE_H
#define CIVIS_PROCESS_SUPERVISE_H

#include <stdint.h>

#include "process/sandbox.h"

enum {
	SUPERVISE_FD_CONTROL = 3,
	SUPERVISE_FD_LISTEN = 4,  /* gate */
	SUPERVISE_FD_MATCHER = 4, /* vault, matcher */
	SUPERVISE_FD_CHANNELS = 8,
	SUPERVISE_CHANNELS_MAX = 64, /* of all gates */
	SUPERVISE_GATES_MAX = 4,
	SUPERVISE_EXIT_CONFIG = 2,
};

struct supervise_config {
	const char *program;            /* NULL: /proc/self/exe */
	const char *const *child_args;  /* NULL-terminated, e.g. {"serve", "--data", DIR, NULL} */
	const char *listen;             /* "127.0.0.1:8080", "[::1]:8080", "localhost:8080"; port 0: any; a gate for each that is
	                                   named, with a comma between them */
	unsigned channels;              /* of each gate to the vault; together 1 to SUPERVISE_CHANNELS_MAX */
	int drain_ms;                   /* given to each child to end; 0: 10 s; then SIGKILL */
};

/* How many gates these addresses make. */
unsigned supervise_gates(const char *listen);
/* Runs until told to end. Returns the exit status of the command; a failure to start is
   SUPERVISE_EXIT_CONFIG, with its sentence in *e. */
int supervise_run(const struct supervise_config *config, struct err *e);

/* ---- inside a child ---- */

struct supervise_child {
	enum sandbox_role role;
	int control;
	int listen;   /* gate, else -1 */
	int matcher;  /* vault: towards the matcher; matcher: towards the vault; else -1 */
	int channels[SUPERVISE_CHANNELS_MAX];
	size_t channel_count;
};

/* Takes the descriptors of a child from their fixed numbers. `channels` is the number from
   --channels. RC_CONFIG if one of them is not the socket it should be: not started by a supervisor. */
enum rc supervise_child_init(enum sandbox_role role, unsigned channels, struct supervise_child *ret,
                             struct err *e) WARN_UNUSED;
/* Reports readiness; `text` (a URL, ≤ 200 bytes) is printed for the gate, may be NULL for others. */
enum rc supervise_ready(int control, const char *text) WARN_UNUSED;
/* Inside the gate: what the supervisor says of the restarts since it began, by role; it says so once the gate is ready and
   whenever that changes. RC_BUSY: nothing now. RC_GONE: the supervisor is gone. RC_FORMAT, RC_IO. */
enum rc supervise_hear(int control, uint32_t restarts[static SANDBOX_ROLES]) WARN_UNUSED;
/* The address of a listening socket as "http://127.0.0.1:8080". */
enum rc supervise_url(int listen_fd, const char *scheme, char *out, size_t size) WARN_UNUSED;

#endif
