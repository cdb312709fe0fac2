/* SPDX-License-Identifier: MPL-2.0 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/channel.h"
#include "tap.h"

static int ends[2];

static void open_pair(void)
{
	struct err e = ERR_NONE;
	if (!ok(channel_pair(ends, &e) == RC_OK))
		printf("# %s\n", e.text);
}

static void close_pair(void)
{
	close(ends[0]);
	close(ends[1]);
}

TEST(frames_keep_their_limits_and_order)
{
	struct buf in = BUF_INIT(CHANNEL_FRAME_MAX);
	open_pair();
	eq_int(channel_send(ends[0], BYTES_LIT("one"), 0), RC_OK);
	eq_int(channel_send(ends[0], BYTES_LIT("second"), 0), RC_OK);
	eq_int(channel_receive(ends[1], &in, 0), RC_OK);
	ok(bytes_equal(buf_bytes(&in), BYTES_LIT("one")));
	eq_int(channel_receive(ends[1], &in, 0), RC_OK);
	ok(bytes_equal(buf_bytes(&in), BYTES_LIT("second")));
	eq_int(channel_receive(ends[1], &in, 0), RC_BUSY);
	buf_release(&in);
	close_pair();
}

/* The buffer that an unprivileged process gets under net.core.wmem_max = 212992. */
TEST(the_largest_frame_fits_without_privilege)
{
	struct buf out = BUF_INIT(CHANNEL_FRAME_MAX + 1), in = BUF_INIT(CHANNEL_FRAME_MAX);
	int size = 0;
	socklen_t len = sizeof size;
	open_pair();
	ok(getsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, &len) == 0);
	ok(size <= 2 * 212992);
	uint8_t *p = buf_extend(&out, CHANNEL_FRAME_MAX + 1);
	for (size_t i = 0; p && i <= CHANNEL_FRAME_MAX; i++)
		p[i] = (uint8_t)(i * 31 >> 3);
	eq_int(channel_send(ends[0], bytes_of(p, CHANNEL_FRAME_MAX + 1), 0), RC_TOO_LARGE);
	eq_int(channel_send(ends[0], bytes_of(p, CHANNEL_FRAME_MAX), 0), RC_OK);
	eq_int(channel_send(ends[1], bytes_of(p, CHANNEL_FRAME_MAX), 0), RC_OK);
	for (int end = 0; end < 2; end++) {
		eq_int(channel_receive(ends[end], &in, 1000), RC_OK);
		ok(bytes_equal(buf_bytes(&in), bytes_of(p, CHANNEL_FRAME_MAX)));
	}
	eq_int(channel_send(ends[0], BYTES_NONE, 0), RC_TOO_LARGE);
	buf_release(&out);
	buf_release(&in);
	close_pair();
}

TEST(a_frame_that_is_peeked_at_stays)
{
	uint8_t start[4] = {0};
	struct buf in = BUF_INIT(16);
	open_pair();
	eq_int(channel_peek(ends[1], start, sizeof start), 0);
	eq_int(channel_send(ends[0], BYTES_LIT("longer"), 0), RC_OK);
	eq_int(channel_peek(ends[1], start, sizeof start), 4);
	ok(memcmp(start, "long", 4) == 0);
	eq_int(channel_receive(ends[1], &in, 0), RC_OK);
	ok(bytes_equal(buf_bytes(&in), BYTES_LIT("longer")));
	eq_int(channel_peek(ends[1], start, sizeof start), 0);
	buf_release(&in);
	close_pair();
}

TEST(a_deadline_holds)
{
	struct buf in = BUF_INIT(16);
	open_pair();
	int64_t before = clock_monotonic_us();
	eq_int(channel_receive(ends[1], &in, 50), RC_BUSY);
	int64_t took = clock_monotonic_us() - before;
	ok(took >= 50000 && took < 2000000);
	enum rc rc = RC_OK;
	static uint8_t block[64 * 1024];
	int sent = 0;
	while (rc == RC_OK && sent < 1000) {
		rc = channel_send(ends[0], BYTES_ARRAY(block), 20);
		sent++;
	}
	eq_int(rc, RC_BUSY);
	buf_release(&in);
	close_pair();
}

TEST(a_frame_that_is_too_large_is_dropped_alone)
{
	struct buf in = BUF_INIT(4);
	open_pair();
	eq_int(channel_send(ends[0], BYTES_LIT("too long"), 0), RC_OK);
	eq_int(channel_send(ends[0], BYTES_LIT("fits"), 0), RC_OK);
	eq_int(channel_receive(ends[1], &in, 0), RC_TOO_LARGE);
	eq_int(channel_receive(ends[1], &in, 0), RC_OK);
	ok(bytes_equal(buf_bytes(&in), BYTES_LIT("fits")));
	buf_release(&in);
	close_pair();
}

TEST(a_closed_end_is_told_without_a_signal)
{
	struct buf in = BUF_INIT(16);
	open_pair();
	eq_int(channel_send(ends[0], BYTES_LIT("last"), 0), RC_OK);
	close(ends[0]);
	eq_int(channel_receive(ends[1], &in, 100), RC_OK);
	eq_int(channel_receive(ends[1], &in, 100), RC_GONE);
	eq_int(channel_send(ends[1], BYTES_LIT("x"), 100), RC_GONE);
	buf_release(&in);
	close(ends[1]);
}

/* What a taken-over peer would try: a descriptor beside the bytes. */
TEST(a_descriptor_is_not_taken)
{
	struct buf in = BUF_INIT(16);
	open_pair();
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte = 'x';
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	int one = 1;
	memcpy(CMSG_DATA(c), &one, sizeof one);
	int lowest = dup(0);
	close(lowest);
	ok(sendmsg(ends[0], &m, 0) == 1);
	eq_int(channel_receive(ends[1], &in, 100), RC_OK);
	int now = dup(0);
	close(now);
	eq_int(now, lowest);
	buf_release(&in);
	close_pair();
}

int main(void)
{
	RUN(frames_keep_their_limits_and_order);
	RUN(the_largest_frame_fits_without_privilege);
	RUN(a_frame_that_is_peeked_at_stays);
	RUN(a_deadline_holds);
	RUN(a_frame_that_is_too_large_is_dropped_alone);
	RUN(a_closed_end_is_told_without_a_signal);
	RUN(a_descriptor_is_not_taken);
	return tap_done();
}
