/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The subcommands of `civis`, one file each in this folder.
 *
 * A command gets the arguments from its own name on (argv[0] is "log", "staff",
 * …), prints its result on standard output and its complaints on standard
 * error, and returns the exit status: 0 done, 1 the answer is no, 2 unusable
 * arguments or surroundings.
 */
#ifndef CIVIS_CMD_CMD_H
#define CIVIS_CMD_CMD_H

#define CIVIS_VERSION "0.1.0"

enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_UNUSABLE = 2 };

/* One line each: name, arguments for the help, what it does. The table in
   main.c, the help and the man page's check are made from this list. */
#define CIVIS_COMMANDS(X) \
	X(init, "--country khm|mmr --data DIR [--pack DIR]", "make a new data folder for a country") \
	X(serve, "--data DIR --listen ADDR:PORT", "run the register: gate, vault and matcher") \
	X(staff, "add|list|disable|fuse --data DIR ...", "manage the accounts of the staff") \
	X(office, "add|list --data DIR ...", "manage offices below the imported places") \
	X(places, "import FILE.csv --data DIR", "import places and their offices") \
	X(pack, "check DIR", "check a country pack") \
	X(log, "verify URL|DIR [--key VKEY | --trust FILE] [--older FILE] | new-epoch --data DIR", "verify the public log; open its next epoch") \
	X(verify, "FILE [--trust FILE] [--status FILE] [--json]", "verify a certificate: PDF, picture of a QR, or text") \
	X(trust, "export --data DIR", "print every public key ever used, with its period") \
	X(check, "--data DIR [--deep] [--json]", "check that chains, entries and log agree") \
	X(backup, "--data DIR --to DIR [--without-root-key]", "back up while the register runs") \
	X(restore, "--from DIR --data DIR [--root-key FILE] [--checkpoint FILE|--nothing-newer]", "restore a backup into a new data folder")

#define X(name, arguments, summary) int cmd_##name(int argc, char **argv);
CIVIS_COMMANDS(X)
#undef X

#endif
