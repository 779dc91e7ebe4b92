#define _GNU_SOURCE
#include "network.h"

#include <errno.h>
#include <string.h>

#ifdef __linux__
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    ssize_t wrote = write(descriptor, text, strlen(text));
    int error = wrote < 0 ? -errno : 0;
    close(descriptor);
    return error;
}

static int loopback_up(void) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    int error = 0;
    if (ioctl(descriptor, SIOCGIFFLAGS, &request) != 0) error = -errno;
    request.ifr_flags |= IFF_UP;
    if (!error && ioctl(descriptor, SIOCSIFFLAGS, &request) != 0) error = -errno;
    close(descriptor);
    return error;
}

/* `ip route add local default dev lo`: every address is answered by this very namespace. */
static int route_everything_home(int family) {
    struct {
        struct nlmsghdr header;
        struct rtmsg route;
        struct rtattr attribute;
        uint32_t interface;
    } request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_NEWROUTE;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK;
    request.route.rtm_family = (unsigned char)family;
    request.route.rtm_table = RT_TABLE_LOCAL;
    request.route.rtm_protocol = RTPROT_STATIC;
    request.route.rtm_scope = RT_SCOPE_HOST;
    request.route.rtm_type = RTN_LOCAL;
    request.attribute.rta_type = RTA_OIF;
    request.attribute.rta_len = RTA_LENGTH(sizeof(uint32_t));
    request.interface = if_nametoindex("lo");
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (descriptor < 0) return -errno;
    char answer[1024];
    int error = 0;
    if (send(descriptor, &request, sizeof request, 0) < 0) {
        error = -errno;
    } else if (recv(descriptor, answer, sizeof answer, 0) < (ssize_t)sizeof(struct nlmsghdr)) {
        error = -EIO;
    } else {
        struct nlmsghdr *header = (struct nlmsghdr *)answer;
        if (header->nlmsg_type == NLMSG_ERROR)
            error = ((struct nlmsgerr *)NLMSG_DATA(header))->error;
    }
    close(descriptor);
    return error;
}

int stormtape_isolate_network(const char **stage) {
    uid_t user = geteuid();
    gid_t group = getegid();
    *stage = "a network namespace";
    if (user != 0 || unshare(CLONE_NEWNET) != 0) {
        *stage = "a user namespace";
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return -errno;
        char map[64];
        int ignored = write_file("/proc/self/setgroups", "deny");
        (void)ignored;
        snprintf(map, sizeof map, "%u %u 1", (unsigned)user, (unsigned)user);
        int error = write_file("/proc/self/uid_map", map);
        if (error) return error;
        snprintf(map, sizeof map, "%u %u 1", (unsigned)group, (unsigned)group);
        error = write_file("/proc/self/gid_map", map);
        if (error) return error;
    }
    *stage = "bringing loopback up";
    int error = loopback_up();
    if (error) return error;
    *stage = "routing foreign addresses home";
    error = route_everything_home(AF_INET);
    if (error) return error;
    /* Without IPv6 there is nothing to route. */
    route_everything_home(AF_INET6);
    return 0;
}

int stormtape_watch_foreign(void) {
    /* On the packet's network header: IPv4 outside 127/8, or IPv6 that is not to ::1. */
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
        BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 0, 2),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 16),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 127, 6, 5),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 36),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, 0x40000),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    int descriptor =
        socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
    if (descriptor < 0) return -errno;
    if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
        int error = -errno;
        close(descriptor);
        return error;
    }
    return descriptor;
}

/* The name in a DNS question; labels only, as a question holds no pointers. */
static void read_question(const uint8_t *data, size_t length, char *name, size_t room) {
    size_t position = 12, out = 0;
    while (position < length && data[position] != 0) {
        size_t label = data[position++];
        if (label > 63 || position + label > length || out + label + 2 > room) return;
        if (out) name[out++] = '.';
        for (size_t index = 0; index < label; index++) {
            uint8_t byte = data[position + index];
            name[out++] = byte >= 0x21 && byte < 0x7F ? (char)byte : '?';
        }
        position += label;
    }
    name[out] = 0;
}

/* 1 when the packet is an attempt: a TCP SYN or a UDP datagram sent from here. */
static int parse(const uint8_t *packet, size_t length, struct stormtape_foreign *found) {
    size_t header;
    memset(found, 0, sizeof *found);
    if (length >= 20 && packet[0] >> 4 == 4) {
        header = (size_t)(packet[0] & 15) * 4;
        found->version = 4;
        found->protocol = packet[9];
        memcpy(found->address, packet + 16, 4);
    } else if (length >= 40 && packet[0] >> 4 == 6) {
        header = 40;
        found->version = 6;
        found->protocol = packet[6];
        memcpy(found->address, packet + 24, 16);
        /* Multicast is the kernel's own talk. */
        if (found->address[0] == 0xFF) return 0;
    } else {
        return 0;
    }
    if (length < header + 8) return 0;
    const uint8_t *segment = packet + header;
    found->port = (uint16_t)(segment[2] << 8 | segment[3]);
    if (found->protocol == 6) return length >= header + 14 && (segment[13] & 0x12) == 0x02;
    if (found->protocol != 17) return 0;
    if (found->port == 53 && length > header + 8 + 12)
        read_question(segment + 8, length - header - 8, found->name, sizeof found->name);
    return 1;
}

int stormtape_next_foreign(int descriptor, struct stormtape_foreign *found) {
    uint8_t packet[2048];
    struct sockaddr_ll from;
    for (;;) {
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(
            descriptor, packet, sizeof packet, 0, (struct sockaddr *)&from, &size);
        if (got < 0) return 0;
        /* Loopback shows every packet twice: going out and coming in. */
        if (from.sll_pkttype != PACKET_OUTGOING) continue;
        if (parse(packet, (size_t)got, found)) return 1;
    }
}
#else
int stormtape_isolate_network(const char **stage) {
    *stage = "network namespaces, which this system does not have";
    return -ENOSYS;
}

int stormtape_watch_foreign(void) { return -ENOSYS; }

int stormtape_next_foreign(int descriptor, struct stormtape_foreign *found) {
    (void)descriptor;
    (void)found;
    return 0;
}
#endif
