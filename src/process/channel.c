/* SPDX-License-Identifier: MPL-2.0 */
#include "process/channel.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

/* The kernel keeps this much of a send buffer for itself (unix_dgram_sendmsg). */
enum { KERNEL_SHARE = 32 };

static bool buffer_holds_a_frame(int fd)
{
	int size = 0;
	socklen_t len = sizeof size;
	return getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &len) == 0 && size >= CHANNEL_FRAME_MAX + KERNEL_SHARE;
}

static bool widen(int fd)
{
	/* Doubled by the kernel. The default of net.core.wmem_max, so that no privilege is needed. */
	int ask = 212992;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &ask, sizeof ask) == 0 && buffer_holds_a_frame(fd))
		return true;
	return setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &ask, sizeof ask) == 0 && buffer_holds_a_frame(fd);
}

enum rc channel_pair(int ret_ends[2], struct err *e)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return err_set(e, RC_IO, "channel", "a socket pair cannot be made: %s", strerror(errno));
	if (!widen(ends[0]) || !widen(ends[1])) {
		close(ends[0]);
		close(ends[1]);
		return err_set(e, RC_CONFIG, "channel",
		               "socket buffers are too small: set net.core.wmem_max to at least 212992");
	}
	ret_ends[0] = ends[0];
	ret_ends[1] = ends[1];
	return RC_OK;
}

/* Waits for `events` until the deadline (monotonic µs; negative: none). */
static enum rc wait_for(int fd, short events, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline < 0 ? -1 : deadline - clock_monotonic_us();
		if (deadline >= 0 && left <= 0)
			return RC_BUSY;
		struct pollfd p = {.fd = fd, .events = events};
		int n = poll(&p, 1, left < 0 ? -1 : (int)((left + 999) / 1000));
		if (n > 0)
			return RC_OK;
		if (n < 0 && errno != EINTR)
			return RC_IO;
	}
}

static int64_t deadline_of(int timeout_ms)
{
	return timeout_ms < 0 ? -1 : clock_monotonic_us() + (int64_t)timeout_ms * 1000;
}

static bool peer_gone(int error)
{
	return error == EPIPE || error == ECONNRESET || error == ENOTCONN || error == ECONNREFUSED;
}

enum rc channel_send(int fd, struct bytes frame, int timeout_ms)
{
	if (frame.len == 0 || frame.len > CHANNEL_FRAME_MAX)
		return RC_TOO_LARGE;
	int64_t deadline = deadline_of(timeout_ms);
	for (;;) {
		ssize_t n = send(fd, frame.ptr, frame.len, MSG_DONTWAIT | MSG_NOSIGNAL | MSG_EOR);
		if (n >= 0)
			return (size_t)n == frame.len ? RC_OK : RC_IO;
		if (errno == EINTR)
			continue;
		if (peer_gone(errno))
			return RC_GONE;
		if (errno == EMSGSIZE)
			return RC_TOO_LARGE;
		if (errno != EAGAIN && errno != ENOBUFS)
			return RC_IO;
		enum rc rc = wait_for(fd, POLLOUT, deadline);
		if (rc != RC_OK)
			return rc;
	}
}

/* The size of the frame that waits; 0 at the end of the channel. */
static enum rc next_size(int fd, int64_t deadline, size_t *ret)
{
	uint8_t none;
	for (;;) {
		ssize_t n = recv(fd, &none, sizeof none, MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC);
		if (n >= 0) {
			*ret = (size_t)n;
			return RC_OK;
		}
		if (errno == EINTR)
			continue;
		if (peer_gone(errno))
			return RC_GONE;
		if (errno != EAGAIN)
			return RC_IO;
		enum rc rc = wait_for(fd, POLLIN, deadline);
		if (rc != RC_OK)
			return rc;
	}
}

static void drop_one(int fd)
{
	uint8_t none;
	while (recv(fd, &none, sizeof none, MSG_DONTWAIT) < 0 && errno == EINTR) {
	}
}

enum rc channel_receive(int fd, struct buf *out, int timeout_ms)
{
	size_t size = 0;
	enum rc rc = next_size(fd, deadline_of(timeout_ms), &size);
	if (rc != RC_OK)
		return rc;
	if (size == 0)
		return RC_GONE;
	buf_reset(out);
	if (size > out->max) {
		drop_one(fd);
		return RC_TOO_LARGE;
	}
	uint8_t *to = buf_extend(out, size);
	if (!to) {
		buf_reset(out);
		return RC_NO_MEMORY;
	}
	ssize_t n;
	do
		n = recv(fd, to, size, MSG_DONTWAIT | MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)size)
		return RC_OK;
	buf_reset(out);
	return n < 0 && errno == EAGAIN ? RC_BUSY : RC_IO; /* another reader took it */
}

size_t channel_peek(int fd, uint8_t *out, size_t size)
{
	ssize_t n;
	do
		n = recv(fd, out, size, MSG_DONTWAIT | MSG_PEEK);
	while (n < 0 && errno == EINTR);
	return n > 0 ? (size_t)n : 0;
}
