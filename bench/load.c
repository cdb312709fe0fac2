/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Sends prepared HTTP requests over N keep-alive connections, each connection
 * one blocking thread, every request once, and prints one line of JSON:
 *
 *   {"requests":…,"seconds":…,"per_second":…,"p50_us":…,"p99_us":…,"status":{"200":…}}
 *
 *   load PORT CONNECTIONS FILE
 *
 * FILE: for each request a decimal length and a newline, then that many bytes
 * of HTTP. The order of requests is that of the file, taken by whichever
 * connection is free. Only to 127.0.0.1.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

enum { MAX_CONNECTIONS = 256, MAX_RESPONSE = 1 << 20, MAX_STATUS = 600 };

static struct bytes *requests;
static size_t request_count;
static uint32_t *latency_us;
static uint16_t *statuses;
static atomic_size_t next_request;
static uint16_t port;

static void die(const char *why)
{
	fprintf(stderr, "load: %s\n", why);
	exit(2);
}

static int connect_once(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("cannot connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

/* Reads one response with a Content-Length; returns its status, or 0 when the connection was lost.
   ret_close is set when the server said that it will close. */
static int read_response(int fd, char *room, bool *ret_close)
{
	size_t have = 0;
	char *end = NULL;
	while (!end) {
		ssize_t n = have < MAX_RESPONSE - 1 ? read(fd, room + have, MAX_RESPONSE - 1 - have) : 0;
		if (n <= 0)
			return 0;
		have += (size_t)n;
		room[have] = 0;
		end = strstr(room, "\r\n\r\n");
	}
	const char *length = strcasestr(room, "\r\ncontent-length:");
	size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
	size_t want = (size_t)(end + 4 - room) + body;
	*ret_close = strcasestr(room, "\r\nconnection: close") != NULL;
	while (have < want) {
		ssize_t n = want < MAX_RESPONSE ? read(fd, room + have, want - have) : 0;
		if (n <= 0)
			return 0;
		have += (size_t)n;
	}
	return have > 12 ? (int)strtol(room + 9, NULL, 10) : 0;
}

static bool send_all(int fd, struct bytes b)
{
	while (b.len) {
		ssize_t n = send(fd, b.ptr, b.len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		b = bytes_slice(b, (size_t)n, b.len);
	}
	return true;
}

static void *client(void *unused)
{
	char *room = malloc(MAX_RESPONSE);
	int fd = connect_once();
	size_t i;
	(void)unused;
	if (!room)
		die("no memory");
	while ((i = atomic_fetch_add(&next_request, 1)) < request_count) {
		int64_t begun = clock_monotonic_us();
		bool closes = false;
		int status = send_all(fd, requests[i]) ? read_response(fd, room, &closes) : 0;
		latency_us[i] = (uint32_t)(clock_monotonic_us() - begun);
		statuses[i] = (uint16_t)(status > 0 && status < MAX_STATUS ? status : 0);
		if (status == 0 || closes) {
			close(fd);
			fd = connect_once();
		}
	}
	close(fd);
	free(room);
	return NULL;
}

static void split(struct bytes all)
{
	size_t room = 0;
	while (all.len) {
		const uint8_t *newline = memchr(all.ptr, '\n', all.len);
		uint64_t length = 0;
		if (!newline || u64_parse(bytes_of(all.ptr, (size_t)(newline - all.ptr)), 1 << 26, &length) != RC_OK)
			die("the file of requests is malformed");
		all = bytes_slice(all, (size_t)(newline - all.ptr) + 1, all.len);
		if (length > all.len)
			die("the file of requests is cut short");
		if (request_count == room) {
			room = room ? room * 2 : 1024;
			requests = realloc(requests, room * sizeof *requests);
			if (!requests)
				die("no memory");
		}
		requests[request_count++] = bytes_slice(all, 0, length);
		all = bytes_slice(all, length, all.len);
	}
	latency_us = calloc(request_count + 1, sizeof *latency_us);
	statuses = calloc(request_count + 1, sizeof *statuses);
	if (!latency_us || !statuses || request_count == 0)
		die("no requests");
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void report(double seconds)
{
	size_t count[MAX_STATUS] = {0};
	const char *comma = "";
	qsort(latency_us, request_count, sizeof *latency_us, by_value);
	for (size_t i = 0; i < request_count; i++)
		count[statuses[i]]++;
	printf("{\"requests\":%zu,\"seconds\":%.4f,\"per_second\":%.1f,\"p50_us\":%u,\"p99_us\":%u,\"status\":{",
	       request_count, seconds, (double)request_count / seconds, latency_us[request_count / 2],
	       latency_us[request_count * 99 / 100]);
	for (int s = 0; s < MAX_STATUS; s++)
		if (count[s]) {
			printf("%s\"%d\":%zu", comma, s, count[s]);
			comma = ",";
		}
	printf("}}\n");
}

int main(int argc, char **argv)
{
	pthread_t threads[MAX_CONNECTIONS];
	uint64_t number = 0, connections = 0;
	struct buf all = BUF_INIT((size_t)1 << 31);
	struct err e = ERR_NONE;
	if (argc != 4 || u64_parse(bytes_str(argv[1]), 65535, &number) != RC_OK ||
	    u64_parse(bytes_str(argv[2]), MAX_CONNECTIONS, &connections) != RC_OK || connections == 0)
		die("usage: load PORT CONNECTIONS FILE");
	if (file_read(argv[3], &all, &e) != RC_OK)
		die(e.text);
	port = (uint16_t)number;
	split(buf_bytes(&all));
	int64_t begun = clock_monotonic_us();
	for (size_t i = 0; i < connections; i++)
		if (pthread_create(&threads[i], NULL, client, NULL) != 0)
			die("cannot start a thread");
	for (size_t i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	report((double)(clock_monotonic_us() - begun) / 1e6);
	buf_release(&all);
	free(requests);
	free(latency_us);
	free(statuses);
	return 0;
}
