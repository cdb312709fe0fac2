/* SPDX-License-Identifier: MPL-2.0 */
/* Signing in and out. The vault decides; the gate remembers an answer for two seconds. */
#include <string.h>

#include "base/clock.h"
#include "crypto/crypto.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/case.h"

enum { CACHE_US = 2000000, SIGN_INS_PER_PEER = 2 };

static struct session_slot *slot_of(struct gate *g, const uint8_t hash[static 32])
{
	size_t at;
	memcpy(&at, hash, sizeof at);
	return &g->sessions[at % SESSION_CACHE];
}

static bool cache_get(struct gate *g, const uint8_t hash[static 32], struct vault_session *ret)
{
	pthread_mutex_lock(&g->session_lock);
	struct session_slot *s = slot_of(g, hash);
	bool hit = s->until_us > clock_monotonic_us() && memcmp(s->token_hash, hash, 32) == 0;
	if (hit)
		*ret = s->session;
	pthread_mutex_unlock(&g->session_lock);
	return hit;
}

static void cache_put(struct gate *g, const uint8_t hash[static 32], const struct vault_session *session)
{
	pthread_mutex_lock(&g->session_lock);
	struct session_slot *s = slot_of(g, hash);
	memcpy(s->token_hash, hash, 32);
	s->until_us = session ? clock_monotonic_us() + CACHE_US : 0;
	if (session)
		s->session = *session;
	else
		wipe(&s->session, sizeof s->session);
	/* Who asks brings it: a live token is not kept. */
	wipe(s->session.token, sizeof s->session.token);
	pthread_mutex_unlock(&g->session_lock);
}

static struct bytes token_of(struct bytes authorization)
{
	static const char scheme[] = "Bearer ";
	size_t n = sizeof scheme - 1;
	if (authorization.len <= n || strncasecmp((const char *)authorization.ptr, scheme, n) != 0)
		return BYTES_NONE;
	return bytes_slice(authorization, n, authorization.len);
}

enum rc session_of(struct call *c, struct bytes authorization)
{
	uint8_t hash[32];
	struct bytes token = token_of(authorization);
	if (!token.len || token.len >= VAULT_TOKEN_SIZE)
		return RC_UNAUTHENTICATED;
	sha256(token, hash);
	if (!cache_get(c->gate, hash, &c->session)) {
		enum rc rc = vault_session(c->desk.vault, token, &c->session, &c->err);
		if (rc != RC_OK)
			return rc == RC_FORMAT || rc == RC_SIGNATURE ? RC_UNAUTHENTICATED : rc;
		cache_put(c->gate, hash, &c->session);
	}
	c->signed_in = true;
	c->desk.token = token;
	c->desk.staff = &c->session.staff;
	return RC_OK;
}

static json_t *staff_json(const struct vault_staff *s, const char *regime)
{
	return json_pack("{s:o,s:s,s:s,s:s,s:s,s:{s:s,s:s}}", "id", json_id(s->id), "name", s->name, "role", role_name(s->role),
	                 "office", s->scope, "regime", regime, "display_name", "native", s->display_native, "latin",
	                 s->display_latin);
}

static enum rc answer_session(struct call *c, int status, bool with_token)
{
	const struct vault_session *s = &c->session;
	char regime[STORE_WORD_MAX];
	enum rc rc = case_regime(&c->desk, s->staff.scope, regime);
	if (rc != RC_OK)
		return rc;
	json_t *j = json_pack("{s:o,s:o}", "expires_at", json_instant(s->expires_at), "staff", staff_json(&s->staff, regime));
	if (j && with_token)
		json_object_set_new(j, "token", json_string(s->token));
	return call_json(c, status, j);
}

enum rc session_create(struct call *c)
{
	call_known(c, "name passphrase");
	const char *name = call_text(c, "name", VAULT_NAME_MAX, true);
	const char *passphrase = call_text(c, "passphrase", 256, true);
	if (c->field_count)
		return RC_INVALID;
	if (!turnstile_enter(&c->gate->sign_ins, c->q->peer, SIGN_INS_PER_PEER)) {
		c->retry_after = 1;
		return RC_THROTTLED;
	}
	enum rc rc = vault_login(c->desk.vault, bytes_str(name), bytes_str(passphrase), &c->session, &c->retry_after, &c->err);
	turnstile_leave(&c->gate->sign_ins, c->q->peer);
	/* Why it failed is nobody's business but the log's. */
	if (rc == RC_CREDENTIALS)
		c->err = ERR_NONE;
	return rc == RC_OK ? answer_session(c, 201, true) : rc;
}

enum rc session_get(struct call *c)
{
	return answer_session(c, 200, false);
}

enum rc session_end(struct call *c)
{
	uint8_t hash[32];
	enum rc rc = vault_logout(c->desk.vault, c->desk.token, &c->err);
	if (rc != RC_OK)
		return rc;
	sha256(c->desk.token, hash);
	cache_put(c->gate, hash, NULL);
	c->a->status = 204;
	return RC_OK;
}
