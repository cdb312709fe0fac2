/* SPDX-License-Identifier: MPL-2.0 */
/* The child's side of the supervisor. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process/channel.h"
#include "process/supervise.h"

static bool is_socket(int fd, int type)
{
	int is = 0;
	socklen_t len = sizeof is;
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &is, &len) == 0 && is == type &&
	       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

enum rc supervise_child_init(enum sandbox_role role, unsigned channels, struct supervise_child *ret, struct err *e)
{
	struct supervise_child c = {.role = role, .control = SUPERVISE_FD_CONTROL, .listen = -1, .matcher = -1};
	bool good = channels <= SUPERVISE_CHANNELS_MAX && is_socket(c.control, SOCK_SEQPACKET);
	if (role == SANDBOX_GATE) {
		c.listen = SUPERVISE_FD_LISTEN;
		good = good && is_socket(c.listen, SOCK_STREAM);
	} else {
		c.matcher = SUPERVISE_FD_MATCHER;
		good = good && is_socket(c.matcher, SOCK_SEQPACKET);
	}
	for (unsigned i = 0; good && role != SANDBOX_MATCHER && i < channels; i++) {
		c.channels[i] = SUPERVISE_FD_CHANNELS + (int)i;
		c.channel_count = i + 1;
		good = is_socket(c.channels[i], SOCK_SEQPACKET);
	}
	if (!good)
		return err_set(e, RC_CONFIG, sandbox_role_name(role), "this role is started by civis serve alone");
	prctl(PR_SET_NAME, sandbox_role_user(role));
	*ret = c;
	return RC_OK;
}

enum rc supervise_ready(int control, const char *text)
{
	struct buf frame = BUF_INIT(256);
	buf_byte(&frame, 'R');
	buf_str(&frame, text ? text : "");
	enum rc rc = buf_failed(&frame) ? RC_TOO_LARGE : channel_send(control, buf_bytes(&frame), 1000);
	buf_release(&frame);
	return rc;
}

enum rc supervise_hear(int control, uint32_t restarts[static SANDBOX_ROLES])
{
	struct buf frame = BUF_INIT(64);
	enum rc rc = channel_receive(control, &frame, 0);
	if (rc == RC_OK && (frame.len != 1 + 4 * SANDBOX_ROLES || frame.ptr[0] != 'S'))
		rc = RC_FORMAT;
	for (size_t i = 0; rc == RC_OK && i < SANDBOX_ROLES; i++)
		memcpy(&restarts[i], frame.ptr + 1 + 4 * i, 4);
	buf_release(&frame);
	return rc;
}

enum rc supervise_url(int listen_fd, const char *scheme, char *out, size_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at = {.v6 = {0}};
	socklen_t len = sizeof at;
	char host[INET6_ADDRSTRLEN];
	if (getsockname(listen_fd, &at.any, &len) != 0)
		return RC_IO;
	bool six = at.any.sa_family == AF_INET6;
	const void *address = six ? (const void *)&at.v6.sin6_addr : (const void *)&at.v4.sin_addr;
	if (!inet_ntop(at.any.sa_family, address, host, sizeof host))
		return RC_IO;
	int n = snprintf(out, size, six ? "%s://[%s]:%u" : "%s://%s:%u", scheme, host,
	                 (unsigned)ntohs(six ? at.v6.sin6_port : at.v4.sin_port));
	return n > 0 && (size_t)n < size ? RC_OK : RC_TOO_LARGE;
}
