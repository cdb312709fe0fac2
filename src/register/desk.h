/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A desk: what the handling of one request works with. The domain rooms take
 * it instead of a dozen arguments; they know nothing of HTTP.
 */
#ifndef CIVIS_REGISTER_DESK_H
#define CIVIS_REGISTER_DESK_H

#include "base/arena.h"
#include "base/id.h"
#include "country/pack.h"
#include "store/store.h"
#include "vault/client.h"

/* Of a request that came in a parcel: who finished it and when, as their device says. */
struct desk_finished {
	struct id staff;
	int64_t at; /* UTC µs */
};

struct desk {
	struct store *store;
	struct store_reader *reader;
	struct vault_client *vault;
	const struct pack *pack;
	const char *node;     /* name of this node, field 6 of an act */
	struct arena *arena;  /* of the request */
	struct bytes token;   /* session; empty: a family */
	struct bytes secret;  /* the case's tracking secret as the request shows it; empty: it shows none */
	const struct vault_staff *staff; /* NULL: a family */
	const struct desk_finished *finished; /* NULL: the request came as it was made */
	int64_t now;          /* UTC µs, the same for the whole request */
	struct err *err;
};

/* The role's name for the workflow: NULL for a family. */
static inline const char *desk_role(const struct desk *d)
{
	return d->staff ? role_name(d->staff->role) : NULL;
}

static inline const char *desk_scope(const struct desk *d)
{
	return d->staff ? d->staff->scope : "";
}

static inline struct id desk_staff_id(const struct desk *d)
{
	return d->staff ? d->staff->id : (struct id){0};
}

#endif
