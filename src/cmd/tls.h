/* SPDX-License-Identifier: MPL-2.0 */
/*
 * HTTPS in an office's own network, where no public authority gives a certificate.
 *
 *   DIR/tls/cert.pem       the server's certificate, then its issuers'
 *   DIR/tls/key.pem        its private key
 *   DIR/tls/authority.crt  the office's own authority: what a phone is told to trust; also served at /authority.crt
 *   DIR/tls/authority.key  its private key, for `civis tls renew` alone
 *   DIR/tls/names          "DNS:civis.example,IP:192.168.1.10": what both speak for
 *
 * Whoever has a certificate from elsewhere puts the first two there. The authority may speak for the server's names and
 * no others (X509_USE_SERVER_AUTHORITY), so a phone that trusts it trusts it with nothing else, whoever steals the key.
 */
#ifndef CIVIS_CMD_TLS_H
#define CIVIS_CMD_TLS_H

#define TLS_FOLDER "tls"
#define TLS_CHAIN "tls/cert.pem"
#define TLS_KEY "tls/key.pem"
#define TLS_AUTHORITY "tls/authority.crt"
#define TLS_AUTHORITY_KEY "tls/authority.key"
#define TLS_NAMES "tls/names"

enum { TLS_FILE_MAX = 64 * 1024 };

#endif
