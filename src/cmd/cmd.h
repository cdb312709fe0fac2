/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The subcommands of `civis`, in this folder.
 *
 * A command gets the arguments from behind its own name on (argv[0] is the last
 * word of it), prints its result on standard output and its complaints, which
 * begin with "civis NAME: ", on standard error, and returns the exit status:
 * 0 done, 1 the answer is no, 2 unusable arguments or surroundings.
 */
#ifndef CIVIS_CMD_CMD_H
#define CIVIS_CMD_CMD_H

#define CIVIS_VERSION "0.1.0"

enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_UNUSABLE = 2 };

struct command {
	const char *name;    /* one word or two: "staff add" */
	const char *summary; /* a small letter first, no full stop */
	int (*run)(const struct command *self, int argc, char **argv);
};

/* One line each: function, name, what it does. The table in main.c and the help are made from this list;
   the options stand in the commands (cmd/args.h). */
#define CIVIS_COMMANDS(X) \
	X(init, "init", "make a new data folder for a country") \
	X(places_import, "places import", "import places and the offices that follow from them") \
	X(office_add, "office add", "add an office that no place gives, such as a hospital") \
	X(office_list, "office list", "list the offices at and below a path") \
	X(office_regime, "office regime", "say from which day on an office works in which way") \
	X(pack_check, "pack check", "check a country pack") \
	X(staff_add, "staff add", "add an account and print its id") \
	X(staff_list, "staff list", "list the accounts") \
	X(staff_disable, "staff disable", "close an account and end its sessions") \
	X(staff_fuse, "staff fuse", "show how many records were opened in this hour, or set the limit") \
	X(tls_new, "tls new", "make a certificate, so that the register speaks HTTPS in an office's own network") \
	X(tls_renew, "tls renew", "make the server's certificate anew; phones go on trusting it") \
	X(serve, "serve", "run the register: gate, vault and matcher") \
	X(verify, "verify", "verify a certificate with no network: PDF, picture of a QR, or text") \
	X(log_verify, "log verify", "verify the public log, over HTTP or from a folder") \
	X(log_new_epoch, "log new-epoch", "open the log's next epoch, when what is missing after a restore cannot be had") \
	X(trust_export, "trust export", "print every public key ever used, with its period, as JSON") \
	X(check, "check", "check that chains, entries and log agree") \
	X(migrate, "migrate", "bring the stores' schemas up to date, or tell what that would run") \
	X(migrate_store, "migrate-store", "move a register's store, or its vault's, from files to PostgreSQL") \
	X(backup, "backup", "back up while the register runs") \
	X(restore, "restore", "restore a backup into a data folder, or compare a restored one with the log")

#define X(function, name, summary) int cmd_##function(const struct command *self, int argc, char **argv);
CIVIS_COMMANDS(X)
#undef X

#endif
