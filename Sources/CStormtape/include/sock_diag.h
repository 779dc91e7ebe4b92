#pragma once

#include <stdbool.h>
#include <stdint.h>

/// What the kernel knows of the other end of a loopback TCP connection.
struct stormtape_peer {
    /// Bytes that arrived there and that its program has not read yet.
    uint32_t unread;
    /// All bytes that arrived there since the connection began.
    uint64_t received;
    /// All bytes that its program sent since the connection began, arrived here or not.
    uint64_t sent;
    /// Whether a program still holds the socket and may read from it. When none does although the
    /// socket is there, it was closed with nothing unread: what is unread makes a close a reset.
    bool readable;
    /// Whether the end of our output arrived there.
    bool at_end;
};

/// Opens a socket for the calls below; the negative error number when the kernel refuses.
int stormtape_sock_diag_open(void);

/// Whether the kernel answers questions about TCP sockets: asks for our own listener.
bool stormtape_sock_diag_works(int netlink_fd, uint16_t listening_port);

/// Whether a program listens on a port of 127.0.0.1, be it on that address or on all.
bool stormtape_sock_diag_listens(int netlink_fd, uint16_t port);

/// Whether a program could listen on a port of 127.0.0.1 now.
bool stormtape_port_is_free(uint16_t port);

/// Asks for the client's socket of the connection client -> server (addresses and ports in host
/// byte order). 0 when found, -ENOENT when it no longer exists, another negative error number
/// when the question could not be asked. Never blocks.
int stormtape_sock_diag_peer(int netlink_fd, uint32_t client_address, uint16_t client_port,
                             uint32_t server_address, uint16_t server_port,
                             struct stormtape_peer *peer);

/// All bytes that arrived at this socket since the connection began; negative when unknown.
int64_t stormtape_received(int socket_fd);

/// Opens the kernel's counts of packets that no processor has handled yet; negative when it has
/// none.
int stormtape_backlog_open(void);

/// Whether no packet is between two sockets of this machine. True as well when the kernel does
/// not say.
bool stormtape_backlog_is_empty(int backlog_fd);

/// How many bytes of ours the other end has not acknowledged; negative when unknown.
int stormtape_unacknowledged(int socket_fd);

/// Keeps programs that are started from getting the socket. Returns 0 or -1.
int stormtape_close_on_exec(int socket_fd);

/// Makes the next close of the socket a reset (RST) and drops what was not sent.
int stormtape_reset_on_close(int socket_fd);

/// Keeps bytes that do not fill a segment until the output is ended; 0, or -1 where it cannot.
int stormtape_hold_back(int socket_fd);
