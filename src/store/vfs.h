/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The SQLite file layer of civis: the system's own, except that names stay as
 * they were given.
 *
 * A confined process changes into its data folder, drops its user and may then
 * not be able to walk the parents of that folder, which the system's layer does
 * when it makes a name absolute. So open every database with
 * sqlite3_open_v2(path, &db, flags, STORE_VFS) and never change folder after.
 */
#ifndef CIVIS_STORE_VFS_H
#define CIVIS_STORE_VFS_H

#include "base/err.h"

#define STORE_VFS "civis"

/* Registers the layer under STORE_VFS; calling again does nothing. RC_INTERNAL. Thread-safe. */
enum rc store_vfs_register(void) WARN_UNUSED;

#endif
