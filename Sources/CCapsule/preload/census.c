/// The objects of a Python program, as its collector knows them.

#include <string.h>
#include <sys/mman.h>

#include "native.h"
#include "python.h"

enum { ROOM = 1 << 21, KINDS = 1 << 12, SLOTS = 1 << 14, GENERATIONS = 3 };

/// What stands before each object.
struct node {
    uintptr_t next, previous;
};

/// Which type has which number.
struct index {
    void *type;
    uint16_t number;
};

/// What an object begins with.
struct object {
    ssize_t references;
    void *type;
};

struct space {
    void *objects[ROOM];
    uint16_t kinds[ROOM];
    void *types[KINDS];
    struct index index[SLOTS];
};

static bool make_room(struct census *census, struct space **space)
{
    long made = NATIVE(SYS_mmap, NULL, sizeof **space, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made < 0 && made > -4096)
        return false;
    *space = (struct space *)made;
    *census = (struct census){.objects = (*space)->objects,
                              .kinds = (*space)->kinds,
                              .types = (*space)->types};
    return true;
}

static bool add(struct census *census, struct index *index, void *object)
{
    void *type = ((const struct object *)object)->type;
    size_t at = ((uintptr_t)type >> 4) * 0x9e3779b1u % SLOTS;
    while (index[at].type && index[at].type != type)
        at = (at + 1) % SLOTS;
    if (!index[at].type) {
        if (census->kind_count == KINDS)
            return false;
        index[at] = (struct index){type, (uint16_t)census->kind_count};
        census->types[census->kind_count++] = type;
    }
    if (census->count == ROOM)
        return false;
    census->kinds[census->count] = index[at].number;
    census->objects[census->count++] = object;
    return true;
}

static struct node *follow(uintptr_t link)
{
    return (struct node *)(link & ~(uintptr_t)3);
}

/// Goes through the lists of the generations, from their young ends. Whoever only asks the collector
/// for them gets a count more in every object, which is to say a copy of every page.
static bool walk(struct census *census, struct index *index, const struct python *python,
                 void *boundary)
{
    // A new object is the last of the youngest generation. The others stand behind it, each as the
    // ends of its list and two numbers.
    void *probe = python->PyList_New(0);
    if (!probe)
        return false;
    struct node *youngest = follow(((struct node *)probe - 1)->next);
    bool known = true;
    for (int generation = 0; known && generation < GENERATIONS; generation++) {
        struct node *ends = (struct node *)((char *)youngest
                                            + generation * (sizeof *ends + 2 * sizeof(int)));
        struct node *after = ends;
        census->middle = generation == 1 ? census->count : census->middle;
        census->oldest = census->count;
        for (struct node *node = follow(ends->previous);
             known && node != ends && (void *)(node + 1) != boundary;
             after = node, node = follow(node->previous)) {
            known = node && follow(node->next) == after;
            if (known && (void *)(node + 1) != probe)
                known = add(census, index, node + 1);
        }
    }
    python->Py_DecRef(probe);
    return known;
}

bool census_take(struct census *census, const struct python *python, void *list, void *boundary)
{
    struct space *space;
    if (!make_room(census, &space))
        return false;
    if (!list)
        return walk(census, space->index, python, boundary);
    ssize_t count = python->PyList_Size(list);
    for (ssize_t i = 0; i < count; i++)
        if (!add(census, space->index, python->PyList_GetItem(list, i)))
            return false;
    return count >= 0;
}
