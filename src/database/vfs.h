/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The SQLite file layer of civis: the system's own, except that names stay as
 * they were given.
 *
 * A confined process changes into its data folder, drops its user and may then
 * not be able to walk the parents of that folder, which the system's layer does
 * when it makes a name absolute. So open every database with
 * sqlite3_open_v2(path, &db, flags, DB_VFS) and never change folder after.
 */
#ifndef CIVIS_DB_VFS_H
#define CIVIS_DB_VFS_H

#include "base/err.h"

#define DB_VFS "civis"

/* Registers the layer under DB_VFS; calling again does nothing. RC_INTERNAL. Thread-safe. */
enum rc db_vfs_register(void) WARN_UNUSED;

#endif
