/* SPDX-License-Identifier: MPL-2.0 */
/* The HTTP server over a real socket: the framing probes, on the first and on the second request of
   a connection; limits; keep-alive; pipelining; a full queue; a slow worker beside quick ones. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "gate/http.h"
#include "tap.h"

static struct http_server *server;
static int listen_fd, port;
static _Atomic bool hold;
static _Atomic size_t cut_length;

static size_t admit(void *ctx, const struct http_head *head, uint64_t peer, struct http_answer *refusal)
{
	(void)ctx, (void)peer;
	if (bytes_equal(head->path, BYTES_LIT("/none"))) {
		refusal->status = 404;
		return 0;
	}
	return bytes_equal(head->path, BYTES_LIT("/large")) ? 1 << 20 : 1000;
}

static bool keeps_cut(void *ctx, const struct http_head *head)
{
	(void)ctx;
	return bytes_equal(head->path, BYTES_LIT("/large"));
}

static void handle(void *ctx, unsigned worker, const struct http_request *q, struct http_answer *a)
{
	(void)ctx, (void)worker;
	if (bytes_equal(q->head.path, BYTES_LIT("/slow")))
		while (atomic_load(&hold))
			usleep(1000);
	if (q->cut)
		atomic_store(&cut_length, q->body.len);
	a->status = 200;
	a->type = "text/plain";
	buf_printf(&a->body, "%s %.*s %zu", http_method_name(q->head.method), (int)q->head.path.len,
	           (const char *)q->head.path.ptr, q->body.len);
	if (bytes_equal(q->head.path, BYTES_LIT("/peer")))
		buf_printf(&a->body, " from %016llx", (unsigned long long)q->peer);
	if (bytes_equal(q->head.path, BYTES_LIT("/big")))
		for (int i = 0; i < 40000; i++)
			buf_str(&a->body, "0123456789abcdef0123456789abcdef");
}

static void refuse(void *ctx, enum rc why, struct http_answer *a)
{
	(void)ctx;
	a->status = rc_http(why);
	a->type = "text/plain";
	buf_str(&a->body, rc_name(why));
	if (a->status == 503)
		http_answer_header(a, "Retry-After", "1");
}

static void start_with(struct http_config c)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	struct err e;
	const struct http_handler h = {.admit = admit, .keeps_cut = keeps_cut, .handle = handle, .refuse = refuse};
	listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	bind(listen_fd, (struct sockaddr *)&at, sizeof at);
	listen(listen_fd, 64);
	getsockname(listen_fd, (struct sockaddr *)&at, &len);
	port = ntohs(at.sin_port);
	c.listen_fd = listen_fd;
	c.idle_ms = 3000;
	ok(http_server_start(&c, &h, &server, &e) == RC_OK);
}

static void start(unsigned workers, unsigned queue)
{
	start_with((struct http_config){.workers = workers, .queue_max = queue, .request_ms = 3000});
}

static void stop(void)
{
	http_server_stop(&server);
	close(listen_fd);
}

static int dial(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	connect(fd, (struct sockaddr *)&at, sizeof at);
	return fd;
}

static void say(int fd, const void *text, size_t len)
{
	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		text = (const char *)text + n;
		len -= (size_t)n;
	}
}

/* Reads until the answer is whole (by its length), the peer closes, or the time is up. */
static size_t hear(int fd, char *out, size_t size, int ms)
{
	size_t n = 0;
	while (n + 1 < size) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (poll(&p, 1, ms) <= 0)
			break;
		ssize_t got = recv(fd, out + n, size - 1 - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
		out[n] = 0;
		const char *end = strstr(out, "\r\n\r\n"), *length = strstr(out, "Content-Length: ");
		if (end && length && n >= (size_t)(end + 4 - out) + strtoul(length + 16, NULL, 10))
			break;
	}
	out[n] = 0;
	return n;
}

static int status_of(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0;
}

static bool is_closed(int fd)
{
	char c;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, 2500) > 0 && recv(fd, &c, 1, 0) <= 0;
}

#define LONG_HEADER 100000

static const struct probe {
	const char *name;
	const char *text;
	size_t len;
	int status;
} probes[] = {
#define P(name, text, status) {name, text, sizeof(text) - 1, status}
	P("two differing Content-Length", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", 400),
	P("two equal Content-Length", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
	P("a list as Content-Length", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc", 400),
	P("Content-Length and chunked", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
	P("chunked alone", "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
	P("Content-Length with a sign", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde", 400),
	P("negative Content-Length", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
	P("space before the colon", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nabcde", 400),
	P("obsolete folding", "GET /p HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n", 400),
	P("two Hosts", "GET /p HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
	P("no Host", "GET /p HTTP/1.1\r\nX-A: b\r\n\r\n", 400),
	P("NUL in the path", "GET /p\0q HTTP/1.1\r\nHost: x\r\n\r\n", 400),
	P("%00 in the path", "GET /p%00q HTTP/1.1\r\nHost: x\r\n\r\n", 400),
	P("NUL in a header", "GET /p HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n", 400),
	P("bare LF", "GET /p HTTP/1.1\nHost: x\n\n", 400),
	P("bare CR in a header", "GET /p HTTP/1.1\r\nHost: x\r\nX-A: b\rc\r\n\r\n", 400),
	P("no version", "GET /p\r\nHost: x\r\n\r\n", 400),
	P("another version", "GET /p HTTP/2.0\r\nHost: x\r\n\r\n", 400),
	P("an absolute target", "GET http://x/p HTTP/1.1\r\nHost: x\r\n\r\n", 400),
	P("dots in the path", "GET /a/../p HTTP/1.1\r\nHost: x\r\n\r\n", 400),
	P("an escaped slash", "GET /a%2fp HTTP/1.1\r\nHost: x\r\n\r\n", 400),
	P("half an escape", "GET /p%4 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
	P("a header without a name", "GET /p HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400),
	P("a header without a colon", "GET /p HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n", 400),
	P("an unknown method", "BREW /p HTTP/1.1\r\nHost: x\r\n\r\n", 405),
	P("another expectation", "POST /p HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n", 400),
	P("a body over the limit", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413),
#undef P
};

static const char good[] = "GET /good HTTP/1.1\r\nHost: x\r\n\r\n";

static void try_probe(const struct probe *p, bool second)
{
	char answer[4096];
	int fd = dial();
	if (second) {
		say(fd, good, sizeof good - 1);
		hear(fd, answer, sizeof answer, 2000);
		ok(status_of(answer) == 200);
	}
	say(fd, p->text, p->len);
	hear(fd, answer, sizeof answer, 2000);
	if (!ok(status_of(answer) == p->status))
		printf("#   %s: got %d, want %d\n", p->name, status_of(answer), p->status);
	if (!ok(is_closed(fd)))
		printf("#   %s: the connection stayed open\n", p->name);
	close(fd);
}

TEST(refuses_each_probe_as_the_first_request)
{
	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
		try_probe(&probes[i], false);
}

TEST(refuses_each_probe_as_the_second_request)
{
	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
		try_probe(&probes[i], true);
}

TEST(refuses_a_header_of_100_kilobytes)
{
	char answer[4096];
	char *text = malloc(LONG_HEADER + 64);
	int n = snprintf(text, 64, "GET /p HTTP/1.1\r\nHost: x\r\nX-A: ");
	memset(text + n, 'a', LONG_HEADER);
	memcpy(text + n + LONG_HEADER, "\r\n\r\n", 4);
	int fd = dial();
	say(fd, text, (size_t)n + LONG_HEADER + 4);
	hear(fd, answer, sizeof answer, 2000);
	eq_int(status_of(answer), 431);
	close(fd);
	free(text);
}

TEST(keeps_a_connection_for_many_requests)
{
	char answer[4096];
	int fd = dial();
	for (int i = 0; i < 50; i++) {
		say(fd, good, sizeof good - 1);
		hear(fd, answer, sizeof answer, 2000);
		ok(status_of(answer) == 200 && strstr(answer, "GET /good 0"));
	}
	close(fd);
}

TEST(answers_pipelined_requests_in_order)
{
	static const char three[] = "GET /one HTTP/1.1\r\nHost: x\r\n\r\nPOST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
	                            "GET /none HTTP/1.1\r\nHost: x\r\n\r\nGET /four HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	char answer[8192];
	size_t n = 0;
	int fd = dial();
	say(fd, three, sizeof three - 1);
	for (ssize_t got; (got = recv(fd, answer + n, sizeof answer - 1 - n, 0)) > 0;)
		n += (size_t)got;
	answer[n] = 0;
	const char *one = strstr(answer, "GET /one 0"), *two = strstr(answer, "POST /two 3");
	const char *none = strstr(answer, "HTTP/1.1 404"), *four = strstr(answer, "GET /four 0");
	ok(one && two && none && four && one < two && two < none && none < four);
	close(fd);
}

TEST(takes_a_request_byte_by_byte)
{
	static const char text[] = "POST /slowly HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd";
	char answer[4096];
	int fd = dial();
	for (size_t i = 0; i < sizeof text - 1; i++) {
		say(fd, text + i, 1);
		usleep(500);
	}
	hear(fd, answer, sizeof answer, 2000);
	ok(strstr(answer, "POST /slowly 4") != NULL);
	close(fd);
}

TEST(says_continue_only_for_a_body_it_will_take)
{
	static const char small[] = "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
	static const char large[] = "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3000\r\n\r\n";
	char answer[4096] = "";
	int fd = dial();
	say(fd, small, sizeof small - 1);
	ok(recv(fd, answer, 25, MSG_WAITALL) == 25 && strncmp(answer, "HTTP/1.1 100 Continue\r\n\r\n", 25) == 0);
	say(fd, "abc", 3);
	hear(fd, answer, sizeof answer, 2000);
	eq_int(status_of(answer), 200);
	close(fd);
	fd = dial();
	say(fd, large, sizeof large - 1);
	hear(fd, answer, sizeof answer, 2000);
	eq_int(status_of(answer), 413);
	close(fd);
}

TEST(sends_a_large_answer_to_a_slow_reader)
{
	static const char ask[] = "GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	char piece[4096];
	size_t n = 0;
	int fd = dial();
	say(fd, ask, sizeof ask - 1);
	usleep(100000);
	for (ssize_t got; (got = recv(fd, piece, sizeof piece, 0)) > 0;)
		n += (size_t)got;
	ok(n > 40000 * 32);
	close(fd);
}

TEST(leaves_out_the_body_for_head)
{
	char answer[4096];
	int fd = dial();
	say(fd, "HEAD /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 51);
	size_t n = 0;
	for (ssize_t got; (got = recv(fd, answer + n, sizeof answer - 1 - n, 0)) > 0;)
		n += (size_t)got;
	answer[n] = 0;
	ok(status_of(answer) == 200 && n > 4 && strcmp(answer + n - 4, "\r\n\r\n") == 0);
	close(fd);
}

TEST(drops_a_client_that_never_finishes_its_request)
{
	int fd = dial();
	say(fd, "GET /p HT", 9);
	int64_t from = clock_monotonic_us();
	char c;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ok(poll(&p, 1, 6000) > 0 && recv(fd, &c, 1, 0) <= 0);
	ok(clock_monotonic_us() - from > 2000000);
	close(fd);
}

TEST(turns_away_what_the_queue_cannot_hold)
{
	enum { CLIENTS = 6, HELD = 3 /* one with the worker, two in the queue */, PATIENCE_MS = 20000 };
	struct pollfd client[CLIENTS];
	int busy = 0, fine = 0;
	char answer[4096];
	start(1, 2);
	atomic_store(&hold, true);
	for (int i = 0; i < CLIENTS; i++) {
		client[i] = (struct pollfd){.fd = dial(), .events = POLLIN};
		say(client[i].fd, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", 31);
		usleep(30000); /* for the first to have reached the worker before the queue fills */
	}
	bool heard[CLIENTS] = {false};
	for (int left = CLIENTS - HELD; left > 0 && poll(client, CLIENTS, PATIENCE_MS) > 0;)
		for (int i = 0; i < CLIENTS; i++)
			if (client[i].revents & POLLIN && !heard[i]) {
				hear(client[i].fd, answer, sizeof answer, PATIENCE_MS);
				busy += status_of(answer) == 503 && strstr(answer, "Retry-After: 1");
				heard[i] = true;
				client[i].events = 0;
				left--;
			}
	atomic_store(&hold, false);
	for (int i = 0; i < CLIENTS; i++)
		if (!heard[i]) {
			hear(client[i].fd, answer, sizeof answer, PATIENCE_MS);
			fine += status_of(answer) == 200;
		}
	eq_int(busy, CLIENTS - HELD);
	eq_int(fine, HELD);
	for (int i = 0; i < CLIENTS; i++)
		close(client[i].fd);
	stop();
}

TEST(a_slow_request_does_not_hold_up_others)
{
	char answer[4096];
	start(2, 16);
	atomic_store(&hold, true);
	int slow = dial(), quick = dial();
	say(slow, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", 31);
	usleep(20000);
	/* The slow one is held until these have their answers. */
	for (int i = 0; i < 20; i++) {
		say(quick, good, sizeof good - 1);
		hear(quick, answer, sizeof answer, 20000);
		ok(status_of(answer) == 200);
	}
	atomic_store(&hold, false);
	hear(slow, answer, sizeof answer, 20000);
	ok(status_of(answer) == 200);
	close(slow);
	close(quick);
	stop();
}

static int64_t cpu_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

TEST(waits_for_the_rest_of_a_head_without_work)
{
	int fd = dial();
	say(fd, "G", 1);
	usleep(50000);
	int64_t from = cpu_us();
	usleep(1000000);
	ok(cpu_us() - from < 300000);
	close(fd);
}

static const char large[] = "POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n";

TEST(counts_the_bytes_of_a_body_as_they_come)
{
	enum { IDLE = 8, PIECE = 60000 };
	static char piece[PIECE];
	char answer[4096];
	int idle[IDLE];
	start_with((struct http_config){.workers = 2, .queue_max = 16, .request_ms = 20000, .body_memory_max = 400000,
	                                .body_peer_max = 300000});
	for (int i = 0; i < IDLE; i++) {
		idle[i] = dial();
		say(idle[i], large, sizeof large - 1);
	}
	usleep(50000);
	int fd = dial();
	say(fd, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 52);
	hear(fd, answer, sizeof answer, 5000);
	eq_int(status_of(answer), 200);
	close(fd);
	/* What one address really sends is bounded. */
	for (int i = 0; i < IDLE - 1; i++)
		say(idle[i], piece, PIECE);
	int refused = 0;
	for (int i = 0; i < IDLE - 1; i++)
		refused += hear(idle[i], answer, sizeof answer, 500) && status_of(answer) == 429;
	ok(refused >= 1 && refused < IDLE - 1);
	/* Whoever is still sending does not hold up the end. */
	int64_t from = clock_monotonic_us();
	stop();
	ok(clock_monotonic_us() - from < 5000000);
	for (int i = 0; i < IDLE; i++)
		close(idle[i]);
}

TEST(gives_time_for_bytes_that_come_alone)
{
	start_with((struct http_config){.workers = 1, .queue_max = 16, .request_ms = 300});
	int fd = dial();
	say(fd, large, sizeof large - 1); /* 500 kB announced were worth two minutes */
	ok(is_closed(fd));
	close(fd);
	stop();
}

TEST(hands_over_what_came_of_a_body_that_broke_off)
{
	start_with((struct http_config){.workers = 1, .queue_max = 16, .request_ms = 500});
	int fd = dial();
	say(fd, large, sizeof large - 1);
	say(fd, "12345", 5);
	usleep(50000);
	close(fd);
	for (int i = 0; i < 100 && atomic_load(&cut_length) != 5; i++)
		usleep(20000);
	eq_int(atomic_load(&cut_length), 5);
	fd = dial(); /* or is too slow */
	say(fd, large, sizeof large - 1);
	say(fd, "1234567", 7);
	for (int i = 0; i < 200 && atomic_load(&cut_length) != 7; i++)
		usleep(20000);
	eq_int(atomic_load(&cut_length), 7);
	ok(is_closed(fd));
	close(fd);
	struct http_counters n = {.connections = 1};
	for (int i = 0; i < 100 && n.connections; i++, usleep(20000))
		http_server_count(server, &n);
	eq_int(n.connections, 0);
	stop();
}

static void peer_of(const char *headers, char out[static 64])
{
	char text[512], answer[4096];
	int fd = dial(), n = snprintf(text, sizeof text, "GET /peer HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n\r\n", headers);
	say(fd, text, (size_t)n);
	hear(fd, answer, sizeof answer, 5000);
	const char *from = strstr(answer, " from ");
	snprintf(out, 64, "%s", from ? from : "nothing");
	close(fd);
}

TEST(believes_the_last_hop_and_only_a_proxy)
{
	char one[64], same[64];
	start_with((struct http_config){.workers = 1, .queue_max = 16, .request_ms = 3000, .behind_proxy = true});
	peer_of("X-Forwarded-For: 192.0.2.7\r\n", one);
	peer_of("X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 192.0.2.7\r\n", same);
	eq_str(one, same);
	peer_of("X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\n", same);
	eq_str(one, same);
	peer_of("X-Forwarded-For: 198.51.100.1\r\n", same);
	ok(strcmp(one, same) != 0);
	peer_of("X-Forwarded-For: 2001:db8:0:1::1\r\n", one);
	peer_of("X-Forwarded-For: 2001:db8:0:1::2\r\n", same); /* one customer's */
	eq_str(one, same);
	stop();
	start(1, 16);
	peer_of("X-Forwarded-For: 192.0.2.7\r\n", one);
	peer_of("", same);
	eq_str(one, same);
	stop();
}

TEST(one_address_cannot_take_all_connections)
{
	char answer[4096];
	start_with((struct http_config){.workers = 1, .queue_max = 16, .request_ms = 3000, .connections_peer_max = 2});
	int a = dial(), b = dial();
	usleep(20000);
	int c = dial();
	ok(is_closed(c));
	say(b, good, sizeof good - 1);
	hear(b, answer, sizeof answer, 5000);
	eq_int(status_of(answer), 200);
	close(a);
	close(b);
	close(c);
	stop();
}

int main(void)
{
	start(4, 64);
	RUN(refuses_each_probe_as_the_first_request);
	RUN(refuses_each_probe_as_the_second_request);
	RUN(refuses_a_header_of_100_kilobytes);
	RUN(keeps_a_connection_for_many_requests);
	RUN(answers_pipelined_requests_in_order);
	RUN(takes_a_request_byte_by_byte);
	RUN(says_continue_only_for_a_body_it_will_take);
	RUN(sends_a_large_answer_to_a_slow_reader);
	RUN(leaves_out_the_body_for_head);
	RUN(drops_a_client_that_never_finishes_its_request);
	RUN(waits_for_the_rest_of_a_head_without_work);
	stop();
	RUN(counts_the_bytes_of_a_body_as_they_come);
	RUN(gives_time_for_bytes_that_come_alone);
	RUN(hands_over_what_came_of_a_body_that_broke_off);
	RUN(believes_the_last_hop_and_only_a_proxy);
	RUN(one_address_cannot_take_all_connections);
	RUN(turns_away_what_the_queue_cannot_hold);
	RUN(a_slow_request_does_not_hold_up_others);
	return tap_done();
}
