/* SPDX-License-Identifier: MPL-2.0 */
/* Two who ask at once: the test, and a child of it. */
#ifndef CIVIS_TESTS_VAULT_RACE_H
#define CIVIS_TESTS_VAULT_RACE_H

#include <sys/mman.h>

#include "vault_log.h"

static inline struct vault_client *client_on(int fd)
{
	struct vault_client *c = vault_client_new(fd);
	vault_client_set_timeout(c, 20000);
	return c;
}

/* Memory that a child of the test shares. */
static inline void *shared_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* Both sides go on at about the same moment. */
static inline void meet(volatile unsigned *at, unsigned turn)
{
	__atomic_add_fetch(at, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(at, __ATOMIC_SEQ_CST) < 2 * turn)
		;
}

/* With one code each asks for a document of its own, and who gets none asks again: only one is ever drawn. */
static inline void race_for_codes(int other_end)
{
	enum { ROUNDS = 12 };
	struct {
		struct vault_open_item item;
		unsigned index;
		char code[VAULT_CLAIM_CODE_SIZE];
	} race[ROUNDS];
	volatile unsigned *at = shared_memory(), *drawn = at + 32;
	struct bytes line = BYTES_NONE;
	uint64_t last;
	uint8_t root[32];
	eq_int(vault_last_checkpoint(client, ORIGIN, &last, root, NULL), RC_OK);
	log_size = (unsigned)last;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct act_plan p = plan_for(declare(COMMUNE, "x").as.person);
		struct vault_act act;
		p.kind = "birth";
		eq_int(seal_plan(&registrar, &p, &act), RC_OK);
		race[i].item = item_of_act(&p, &act);
		race[i].index = log_size;
		log_append(act.commitment);
		eq_int(vault_claim_code(client, token_of(&registrar), &race[i].item, 30, race[i].code, NULL), RC_OK);
	}
	eq_int(sign_growth((unsigned)last, log_size, &line), RC_OK);
	struct bytes note = note_of(log_size, line);
	fflush(stdout);
	pid_t pid = fork();
	struct vault_client *here = client;
	if (pid == 0)
		client = client_on(other_end);
	for (unsigned i = 0; i < ROUNDS; i++) {
		char serial[16];
		bool got = false;
		snprintf(serial, sizeof serial, "RACE-%u-%c", i, pid == 0 ? 'b' : 'a');
		for (unsigned attempt = 0; attempt < 2; attempt++) {
			struct vault_claim claim = {0};
			struct vault_session s = {0};
			struct vault_qr qr;
			meet(at + attempt, i + 1);
			if (got || vault_claim(client, bytes_str(race[i].code), &claim, NULL, NULL) != RC_OK)
				continue;
			snprintf(s.token, sizeof s.token, "%s", claim.token);
			got = sign_qr_of(&s, &race[i].item, race[i].index, log_size, note, serial, &qr) == RC_OK;
			if (got)
				__atomic_add_fetch(&drawn[i], 1, __ATOMIC_SEQ_CST);
		}
		meet(at + 2, i + 1);
	}
	if (pid == 0)
		_exit(0);
	client = here;
	waitpid(pid, NULL, 0);
	for (unsigned i = 0; i < ROUNDS; i++)
		eq_int(drawn[i], 1);
	munmap((void *)(uintptr_t)at, 4096);
}

#endif
