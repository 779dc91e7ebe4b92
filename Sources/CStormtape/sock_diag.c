// The receive queue of the agent's own socket, asked from the kernel (sock_diag(7)): the only way
// to know that a program has read what was sent to it, without its help and without delay.
#include "sock_diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool stormtape_port_is_free(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return false;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const bool is_free =
        bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0;
    close(fd);
    return is_free;
}

int stormtape_close_on_exec(int socket_fd) { return fcntl(socket_fd, F_SETFD, FD_CLOEXEC); }

int stormtape_reset_on_close(int socket_fd) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    return setsockopt(socket_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

#ifdef __linux__

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <stdlib.h>

enum { state_listen = 10, receive_shutdown = 1 };
enum { state_established = 1, state_syn_sent = 2, state_fin_wait_1 = 4, state_fin_wait_2 = 5 };

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
};

int stormtape_hold_back(int socket_fd) {
    int on = 1;
    return setsockopt(socket_fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

int stormtape_unacknowledged(int socket_fd) {
    int bytes = 0;
    return ioctl(socket_fd, SIOCOUTQ, &bytes) == 0 ? bytes : -errno;
}

int64_t stormtape_received(int socket_fd) {
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (getsockopt(socket_fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0) return -errno;
    return (int64_t)info.tcpi_bytes_received;
}

int stormtape_backlog_open(void) {
    int fd = open("/proc/net/softnet_stat", O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* Whether a line of the counts, for one processor, says that its queue is empty. */
static bool is_queue_empty(const char *line) {
    enum { queue_column = 11 };
    char *end;
    for (int column = 0;; column++) {
        const unsigned long value = strtoul(line, &end, 16);
        if (end == line) return true;
        if (column == queue_column) return value == 0;
        line = end;
    }
}

bool stormtape_backlog_is_empty(int backlog_fd) {
    char text[8192];
    // A read gives no more than a page, of which the last line may be cut.
    for (off_t offset = 0;;) {
        const ssize_t length = pread(backlog_fd, text, sizeof text - 1, offset);
        if (length <= 0) return true;
        text[length] = 0;
        char *line = text;
        for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            *end = 0;
            if (!is_queue_empty(line)) return false;
        }
        if (line == text) return true;
        offset += line - text;
    }
}

int stormtape_sock_diag_open(void) {
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
    return fd < 0 ? -errno : fd;
}

static struct question ask_for(uint32_t local_address, uint16_t local_port,
                               uint32_t remote_address, uint16_t remote_port) {
    static uint32_t sequence;
    struct question question = {
        .header = {.nlmsg_len = sizeof question,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST,
                   .nlmsg_seq = __atomic_add_fetch(&sequence, 1, __ATOMIC_RELAXED)},
        .body = {.sdiag_family = AF_INET,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_ext = 1 << (INET_DIAG_INFO - 1),
                 .idiag_states = ~0u,
                 .id = {.idiag_sport = htons(local_port),
                        .idiag_dport = htons(remote_port),
                        .idiag_src = {htonl(local_address)},
                        .idiag_dst = {htonl(remote_address)},
                        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}}};
    return question;
}

/// Sends the question and receives its answer, which the kernel queues before `send` returns.
static int exchange(int fd, const struct question *question, void *answer, size_t size) {
    if (send(fd, question, sizeof *question, 0) < 0) return -errno;
    for (;;) {
        ssize_t length = recv(fd, answer, size, MSG_DONTWAIT);
        if (length < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        const struct nlmsghdr *header = answer;
        if (!NLMSG_OK(header, (uint32_t)length)) return -EBADMSG;
        if (header->nlmsg_seq != question->header.nlmsg_seq) continue;
        if (header->nlmsg_type != NLMSG_ERROR) return 0;
        int error = ((const struct nlmsgerr *)NLMSG_DATA(header))->error;
        return error != 0 ? error : -EBADMSG;
    }
}

static void read_attributes(const struct nlmsghdr *header, const struct inet_diag_msg *message,
                            struct stormtape_peer *peer) {
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *message));
    const struct rtattr *attribute = (const struct rtattr *)(message + 1);
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        const size_t length = RTA_PAYLOAD(attribute);
        if (attribute->rta_type == INET_DIAG_SHUTDOWN && length >= 1) {
            const uint8_t shut = *(const uint8_t *)RTA_DATA(attribute);
            if (shut & receive_shutdown) peer->readable = false;
        }
        if (attribute->rta_type != INET_DIAG_INFO) continue;
        // An older kernel tells less: the rest stays 0.
        struct tcp_info info = {0};
        memcpy(&info, RTA_DATA(attribute), length < sizeof info ? length : sizeof info);
        peer->received = info.tcpi_bytes_received;
        peer->sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans + info.tcpi_notsent_bytes;
    }
}

int stormtape_sock_diag_peer(int netlink_fd, uint32_t client_address, uint16_t client_port,
                             uint32_t server_address, uint16_t server_port,
                             struct stormtape_peer *peer) {
    const struct question question =
        ask_for(client_address, client_port, server_address, server_port);
    _Alignas(struct nlmsghdr) char answer[4096];
    int failure = exchange(netlink_fd, &question, answer, sizeof answer);
    if (failure != 0) return failure;
    const struct nlmsghdr *header = (const struct nlmsghdr *)answer;
    if (header->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) return -EBADMSG;
    const struct inet_diag_msg *message = NLMSG_DATA(header);
    // The look-up falls back to a listener on the same port: then the connection is gone.
    if (message->idiag_state == state_listen) return -ENOENT;
    // A socket that no program holds any more has no inode.
    const uint8_t state = message->idiag_state;
    *peer = (struct stormtape_peer){.unread = message->idiag_rqueue,
                                    .readable = message->idiag_inode != 0,
                                    .at_end = state != state_established
                                        && state != state_syn_sent && state != state_fin_wait_1
                                        && state != state_fin_wait_2};
    read_attributes(header, message, peer);
    return 0;
}

bool stormtape_sock_diag_works(int netlink_fd, uint16_t listening_port) {
    const struct question question =
        ask_for(INADDR_LOOPBACK, listening_port, INADDR_LOOPBACK, 1);
    _Alignas(struct nlmsghdr) char answer[4096];
    return exchange(netlink_fd, &question, answer, sizeof answer) == 0;
}

bool stormtape_sock_diag_listens(int netlink_fd, uint16_t port) {
    const struct question question = ask_for(INADDR_LOOPBACK, port, INADDR_LOOPBACK, 1);
    _Alignas(struct nlmsghdr) char answer[4096];
    if (exchange(netlink_fd, &question, answer, sizeof answer) != 0) return false;
    const struct nlmsghdr *header = (const struct nlmsghdr *)answer;
    if (header->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) return false;
    return ((const struct inet_diag_msg *)NLMSG_DATA(header))->idiag_state == state_listen;
}

#else

int stormtape_hold_back(int socket_fd) { return -1; }

int stormtape_unacknowledged(int socket_fd) {
    int bytes = 0;
    socklen_t size = sizeof bytes;
    return getsockopt(socket_fd, SOL_SOCKET, SO_NWRITE, &bytes, &size) == 0 ? bytes : -errno;
}

int64_t stormtape_received(int socket_fd) { return -ENOSYS; }

int stormtape_backlog_open(void) { return -ENOSYS; }

bool stormtape_backlog_is_empty(int backlog_fd) { return true; }

int stormtape_sock_diag_open(void) { return -ENOSYS; }

bool stormtape_sock_diag_works(int netlink_fd, uint16_t listening_port) { return false; }

bool stormtape_sock_diag_listens(int netlink_fd, uint16_t port) { return false; }

int stormtape_sock_diag_peer(int netlink_fd, uint32_t client_address, uint16_t client_port,
                             uint32_t server_address, uint16_t server_port,
                             struct stormtape_peer *peer) {
    return -ENOSYS;
}

#endif
