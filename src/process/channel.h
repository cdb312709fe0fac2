/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A channel: a pair of connected SOCK_SEQPACKET sockets over which two
 * processes exchange whole frames. The kernel keeps the frames' limits, so a
 * half-written frame cannot exist, and a frame waits in the socket while the
 * reader is being restarted.
 *
 * A frame is 1 to CHANNEL_FRAME_MAX bytes. The kernel takes a datagram of up to
 * the send buffer less 32 bytes; channel_pair() asks for a buffer that holds the
 * largest frame, which an unprivileged process gets under the usual
 * net.core.wmem_max of 212992 (the kernel doubles what it is asked). Frames are
 * therefore never cut into pieces.
 *
 * No descriptor ever passes over a channel: one that a taken-over peer sends is
 * closed by the kernel, since no room for it is given.
 */
#ifndef CIVIS_PROCESS_CHANNEL_H
#define CIVIS_PROCESS_CHANNEL_H

#include "base/bytes.h"
#include "base/err.h"

enum { CHANNEL_FRAME_MAX = 400 * 1024 };

/* Two connected ends, close-on-exec, able to hold the largest frame each way.
   RC_CONFIG if the kernel's limits are too low (the sentence names the setting), RC_IO. */
enum rc channel_pair(int ret_ends[2], struct err *e) WARN_UNUSED;

/*
 * Sends one frame. timeout_ms: 0 does not wait, negative waits for ever.
 * RC_BUSY: the peer's queue stayed full until the deadline; nothing was sent.
 * RC_TOO_LARGE: empty or over the maximum. RC_GONE: no process holds the other
 * end. RC_IO: anything else. Never raises SIGPIPE.
 */
enum rc channel_send(int fd, struct bytes frame, int timeout_ms) WARN_UNUSED;

/*
 * Replaces the content of `out` by the next frame.
 * RC_BUSY: none came until the deadline. RC_GONE: the other end is closed.
 * RC_TOO_LARGE: a frame over out's maximum came and was dropped. RC_NO_MEMORY:
 * the frame is still waiting. RC_IO.
 */
enum rc channel_receive(int fd, struct buf *out, int timeout_ms) WARN_UNUSED;

/* Copies the first bytes of the frame that waits and leaves it there. How many of `size` there are; 0 if none. */
size_t channel_peek(int fd, uint8_t *out, size_t size);

#endif
