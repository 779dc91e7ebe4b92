#pragma once
#include <stddef.h>
#include <stdint.h>

#include "capsule_constants.h"
#include "capsule_watch.h"

/// Defined in capsule_page.h, which Swift cannot read for its atomics.
struct capsule_page;

/// A timed wait, or an armed timer.
struct capsule_wait {
    uint32_t slot;
    uint32_t use, kind;
    int32_t pid, tid;
    uint64_t deadline, generation;
    uint16_t birth[CAPSULE_BIRTH_STEPS];
};

/// Makes a page at a path that does not exist yet; NULL with errno when it cannot.
struct capsule_page *capsule_page_create(const char *path);
void capsule_page_close(struct capsule_page *page);

/// Says what the library shall take over, before any process opens the page: `flags`, the
/// clocks at instant 0 in ns, and the 32 bytes of the key of the agent's entropy.
void capsule_page_set_up(
    struct capsule_page *page, uint32_t flags, uint64_t wall_epoch, uint64_t monotonic_epoch,
    const uint8_t *seed);

/// Makes the agent a template, before any process opens the page; see capsule_template.h.
void capsule_page_make_template(struct capsule_page *page);
/// How a copy of a template ended, as `waitpid` gives it, or -1; and whether a program outlived it.
int capsule_page_status(const struct capsule_page *page, int *survivors);

/// Writes the instant of the run; it never goes back.
void capsule_page_set_now(struct capsule_page *page, uint64_t now);
/// Moves CLOCK_REALTIME, as an administrator would; the other clocks go on.
void capsule_page_shift_wall(struct capsule_page *page, int64_t nanoseconds);

/// Has the next program that the agent starts end in place of beginning: with a status, or by a
/// signal where that is not 0.
void capsule_page_strike_program(struct capsule_page *page, int status, int signal);

/// Whether no program was started since then.
int capsule_page_strikes_program(struct capsule_page *page);
void capsule_page_next_epoch(struct capsule_page *page);
uint32_t capsule_page_marks(const struct capsule_page *page);
/// How many programs were started with the library.
uint32_t capsule_page_programs(const struct capsule_page *page);

/// Lists the waits that are under way, and frees the slots of processes that are gone. Returns
/// how many there are, of which at most `room` are written.
size_t capsule_page_waits(
    struct capsule_page *page, struct capsule_watch *watch, struct capsule_wait *waits,
    size_t room);

/// Lists the threads that ask, with the port in `deadline`, as `capsule_page_waits` does.
size_t capsule_page_questions(
    struct capsule_page *page, struct capsule_watch *watch, struct capsule_wait *questions,
    size_t room);

/// Says what threads ask about: connections to `port`, and the look-up of `name`, "" for none. To
/// be called before any process opens the page; 0, or -ENOSPC or -ENAMETOOLONG.
int capsule_page_add_mount(struct capsule_page *page, uint16_t port, const char *name);
/// Says where connections are refused, and where they are not answered.
void capsule_page_set_dead_ends(struct capsule_page *page, uint16_t closed, uint16_t silent);

/// Answers a thread that asks. Returns 0, or -errno when it is gone or its slot is another's.
int capsule_page_answer(
    struct capsule_page *page, struct capsule_watch *watch, uint32_t slot, uint64_t generation,
    uint64_t answer);

/// Ends the earliest wait that has at most `span` ns left, without moving the clock; 0 for none.
int capsule_page_fire_short(
    struct capsule_page *page, struct capsule_watch *watch, uint64_t span);

/// Ends a wait, or lets a timer go off. Returns 0, or -errno when its process is gone.
int capsule_page_fire(struct capsule_page *page, struct capsule_watch *watch, uint32_t slot);
