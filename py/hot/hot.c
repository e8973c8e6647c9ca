/* What runs at every step of a traced program, compiled: handles, places and state changes.
 *
 * It does what loopscope/handles.py, places.py and primitives.py do in Python, row by row the same (a test compares whole
 * traces), for CPython 3.14 in WebAssembly. loopscope/accelerator.py loads it where it fits; elsewhere the Python runs.
 *
 *     Core       the tracer's numbers: loopscope.tracer.Tracer's fast half
 *     Handle     asyncio.Handle; with a core, one that writes a row for each run
 *     Loop       call_soon, mixed into the loop's class
 *     Selector   select, of a loop that has something to run
 *     Watched    an attribute whose changes are rows
 *
 * One unit, and so a long file: what calls each other at every step is inlined, and nothing but PyInit__hot is exported.
 * A hook that fails must not fail the program: what Python raises in one goes to Core.broken().
 */
#include "python.h"

int strcmp(const char *, const char *);

#define EXPORT __attribute__((visibility("default")))

/* -- names */

#define NAMES(X)                                                                                                       \
    X(__self__) X(_loopscope_id) X(_loopscope_coro) X(_fut_waiter) X(done) X(id_of) X(outcome) X(primitive) X(flush)    \
    X(wait_to_go) X(broken) X(string) X(callback_name) X(own_of) X(ends) X(site) X(child) X(chain_of_task) X(whole_chain_of) X(probe) \
    X(_ready) X(_scheduled) X(_call_soon_slowly) X(_select_slowly) X(context) X(now) X(__qualname__) X(_new_primitive)
#define NAME(name) static PyObject *s_##name;
NAMES(NAME)

/* -- what setup() is given */

static Py_ssize_t at_callback, at_args, at_context, at_loop, at_cancelled, at_repr, at_traceback; /* asyncio.Handle's */
static PyTypeObject *step_type;      /* of the callback that is a C task's step */
static PyTypeObject *future_type;    /* asyncio.Future */
static PyObject *report;             /* loopscope.handles._report */
static PyObject *append;             /* collections.deque.append */
static PyObject *step_task;          /* task of a bound method that is a Python task's step, or None */
static const char *run_file;         /* where CPython's own Handle._run stands, for tracebacks */
static int run_line;
static int CALLBACK, SUSPENDED_WORD, YIELDED_WORD, FAILED, INTERRUPTED, STATE; /* kind words (protocol.py) */
static PyTypeObject *handle_type;
static size_t handle_size; /* of asyncio.Handle: ours begins there */
static Py_ssize_t at_weak;


static inline PyObject **field(void *object, Py_ssize_t offset) { return (PyObject **)((char *)object + offset); }

/* -- a table of three words → a number, open addressing; for ids of codes, sites and chains */

typedef struct {
    uint32_t key[3];
    int32_t value; /* MISSING: free */
} Entry;
enum { MISSING = INT32_MIN };
typedef struct {
    Entry *entries;
    uint32_t mask, used;
} Table;

static Entry *slot(Table *table, uint32_t a, uint32_t b, uint32_t c) {
    uint32_t at = (a * 0x9E3779B1u ^ b * 0x85EBCA77u ^ c * 0xC2B2AE3Du);
    at ^= at >> 15;
    for (;; at++) {
        Entry *entry = &table->entries[at & table->mask];
        if (entry->value == MISSING || (entry->key[0] == a && entry->key[1] == b && entry->key[2] == c)) return entry;
    }
}

static int resize(Table *table, uint32_t size) {
    Entry *old = table->entries;
    uint32_t before = old ? table->mask + 1 : 0;
    Entry *entries = PyMem_Calloc(size, sizeof(Entry));
    if (!entries) return -1;
    for (uint32_t k = 0; k < size; k++) entries[k].value = MISSING;
    table->entries = entries;
    table->mask = size - 1;
    for (uint32_t k = 0; k < before; k++)
        if (old[k].value != MISSING) *slot(table, old[k].key[0], old[k].key[1], old[k].key[2]) = old[k];
    PyMem_Free(old);
    return 0;
}

static inline int32_t look_up(Table *table, uint32_t a, uint32_t b, uint32_t c) {
    return slot(table, a, b, c)->value;
}

static void enter(Table *table, uint32_t a, uint32_t b, uint32_t c, int32_t value) {
    if (table->used * 2 > table->mask && resize(table, (table->mask + 1) * 2)) return; /* not kept: asked for again */
    Entry *entry = slot(table, a, b, c);
    table->used += entry->value == MISSING;
    *entry = (Entry){{a, b, c}, value};
}

/* -- the core */

typedef struct { /* protocol.ROW */
    double t, end, ready;
    float cpu;
    int32_t kind, subject, by, site, via, waits, chain, ready_seq, aux;
} Row;
_Static_assert(sizeof(Row) == 64, "protocol.ROW_BYTES");

typedef struct {
    PyObject base;
    double begin, mark, real_base, origin;
    int cur, seq, ids, offset, polled_seq;
    char hold, virtual;
    /* set by attach() */
    char *buffer;
    int full;
    Py_ssize_t now_at;      /* of the virtual clock's slot `now` */
    PyObject *clock, *cpu;  /* cpu: None for time.perf_counter */
    PyObject *places, *owner_depth, *strings;
    Table codes, sites, chains;
} Core;

static PyObject *call(void *self, PyObject *name, PyObject *a, PyObject *b, PyObject *c) {
    PyObject *arguments[] = {self, a, b, c};
    return PyObject_VectorcallMethod(name, arguments, 1 + !!a + !!b + !!c, NULL);
}

/* Result of a call as a number, 0 where it raised. */
static int number_of(PyObject *result) {
    if (!result) return 0;
    int number = (int)PyLong_AsLong(result);
    drop(result);
    return number;
}

/* The hook that just ran may have failed: say so, once, and go on. */
static void settle(Core *core) {
    PyObject *error = PyErr_GetRaisedException();
    if (!error) return;
    drop_if(call(core, s_broken, error, NULL, NULL));
    drop(error);
    PyErr_Clear();
}

/* What time.monotonic() and time.perf_counter() say, to the bit, without the way through 64-bit integers, which costs more
 * than the clock. */
static inline double read_clock(void) { return __builtin_rint(emscripten_get_now() * 1e3 * 1e3) / 1e9; }

static inline double cpu_now(Core *core) {
    if (core->cpu == None) return read_clock();
    PyObject *result = PyObject_Vectorcall(core->cpu, NULL, 0, NULL);
    double now = result ? PyFloat_AsDouble(result) : 0;
    drop_if(result);
    return now;
}

static inline double clock_now(Core *core) {
    if (core->virtual) return PyFloat_AsDouble(*field(core->clock, core->now_at));
    return read_clock() - core->real_base;
}

/* The number that was given to an object, 0 for none; not asked through what a class of the program's may answer with. */
static int id_in(PyObject *subject) {
    PyObject *number;
    if (subject->type == future_type) {
        if (PyObject_GetOptionalAttr(subject, s__loopscope_id, &number) <= 0) return 0;
    } else if (!(number = PyObject_GenericGetAttr(subject, s__loopscope_id))) {
        PyErr_Clear();
        return 0;
    }
    return number_of(number);
}

/* The next row, counted; NULL after an error. */
static inline Row *next_row(Core *core) {
    if (core->offset >= core->full) {
        PyObject *result = call(core, s_flush, NULL, NULL, NULL);
        if (!result) return NULL;
        drop(result);
        core->offset = 0;
    }
    Row *row = (Row *)(core->buffer + core->offset);
    core->offset += sizeof(Row);
    core->seq++;
    return row;
}

/* -- places (places.py) */

static int own_of(Core *core, PyObject *code) {
    int own = look_up(&core->codes, (uint32_t)(uintptr_t)code, 0, 0);
    if (own == MISSING) {
        own = number_of(call(core->places, s_own_of, code, NULL, NULL));
        if (!PyErr_Occurred()) enter(&core->codes, (uint32_t)(uintptr_t)code, 0, 0, own);
    }
    return own;
}

static int site_of(Core *core, int depth) {
    for (Frame *frame = PyThreadState_Get()->current_frame; frame; frame = frame->previous) {
        if (frame->owner >= OWNED_BY_INTERPRETER || depth-- > 0) continue;
        PyObject *code = REFERENT(frame->executable);
        int own = own_of(core, code);
        if (own == 0) return 0;
        if (own < 0) continue;
        int lasti = PyUnstable_InterpreterFrame_GetLasti(frame);
        int site = look_up(&core->sites, own, lasti, 0);
        if (site == MISSING) {
            PyObject *number = PyLong_FromLong(own), *at = PyLong_FromLong(lasti);
            site = number_of(call(core->places, s_site, number, at, NULL));
            drop_if(number);
            drop_if(at);
            if (!PyErr_Occurred()) enter(&core->sites, own, lasti, 0, site);
        }
        return site;
    }
    return 0;
}

static inline int is_suspended(Coroutine *coro) {
    return coro->state == SUSPENDED || coro->state == SUSPENDED_YIELD_FROM;
}

/* What a coroutine awaits, borrowed; NULL for none. */
static inline PyObject *awaited(Coroutine *coro) {
    return coro->state == SUSPENDED_YIELD_FROM ? REFERENT(coro->frame.stack_top[-1]) : NULL;
}

/* Whether a chain ends at what is awaited and no coroutine: not where a frame is hidden in it. */
static int ends(Core *core, PyObject *awaited) {
    static PyTypeObject *plain; /* a future's iterator, as a rule */
    if (awaited->type == plain) return 1;
    if (awaited->type == &PyGen_Type)
        return own_of(core, REFERENT(((Coroutine *)awaited)->frame.executable)) < 0;
    PyObject *told = call(core->places, s_ends, awaited, NULL, NULL);
    int last = told == &_Py_TrueStruct;
    drop_if(told);
    settle(core);
    if (last) plain = (PyTypeObject *)hold((PyObject *)awaited->type);
    return last;
}

/* Chain id of a suspended coroutine; -1: Python must tell. */
static int chain_of(Core *core, PyObject *coro) {
    int chain = 0;
    while (coro && coro->type == &PyCoro_Type) {
        Coroutine *c = (Coroutine *)coro;
        if (!is_suspended(c)) return -1;
        PyObject *code = REFERENT(c->frame.executable);
        int lasti = own_of(core, code) > 0 ? PyUnstable_InterpreterFrame_GetLasti(&c->frame) : 0;
        int next = look_up(&core->chains, chain, (uint32_t)(uintptr_t)code, lasti);
        if (next == MISSING) {
            PyObject *parent = PyLong_FromLong(chain), *at = PyLong_FromLong(lasti);
            next = number_of(call(core->places, s_child, parent, code, at));
            drop_if(parent);
            drop_if(at);
            if (PyErr_Occurred()) return 0;
            enter(&core->chains, chain, (uint32_t)(uintptr_t)code, lasti, next);
        }
        chain = next;
        coro = awaited(c);
    }
    return !coro || ends(core, coro) ? chain : -1;
}

static int chain_of_task(Core *core, PyObject *task, PyObject *coro) {
    if (!coro) return number_of(call(core->places, s_chain_of_task, task, NULL, NULL));
    int chain = chain_of(core, coro);
    return chain >= 0 ? chain : number_of(call(core->places, s_whole_chain_of, coro, NULL, NULL));
}

/* Id of the primitive whose method is the chain's frame number `depth`, from 1. */
static int primitive(Core *core, PyObject *task, PyObject *coro, int depth) {
    PyObject *inner = coro;
    for (int k = 1; k < depth && inner; k++)
        inner = inner->type == &PyCoro_Type ? awaited((Coroutine *)inner) : NULL;
    PyObject *owner = NULL;
    if (inner && inner->type == &PyCoro_Type) owner = REFERENT(((Coroutine *)inner)->frame.values[0]);
    if (!owner || owner->type == &PyCell_Type) {
        PyObject *at = PyLong_FromLong(depth);
        int number = number_of(call(core, s_primitive, task, at, NULL));
        drop_if(at);
        return number;
    }
    int number = id_in(owner);
    return number > 0 ? number : 0;
}

/* -- handles (handles.py) */

typedef struct { /* after asyncio.Handle's fields */
    double ready_at;
    Core *core; /* borrowed: a core is never freed; NULL: nobody traces */
    int by, site, ready_seq;
} Extra;

static inline Extra *extra(void *handle) { return (Extra *)((char *)handle + handle_size); }

static PyObject *new_handle(Core *core, PyObject *callback, PyObject *args, PyObject *loop, PyObject *context) {
    if (context == None || !context) {
        if (!(context = PyContext_CopyCurrent())) return NULL;
    } else
        hold(context);
    PyObject *handle = PyType_GenericAlloc(handle_type, 0);
    if (!handle) {
        drop(context);
        return NULL;
    }
    *field(handle, at_context) = context;
    *field(handle, at_callback) = hold(callback);
    *field(handle, at_args) = hold(args);
    *field(handle, at_loop) = hold(loop);
    *field(handle, at_cancelled) = hold(&_Py_FalseStruct);
    *field(handle, at_repr) = hold(None);
    *field(handle, at_traceback) = hold(None);
    if (core) {
        Extra *x = extra(handle);
        x->core = core;
        x->by = core->cur;
        x->ready_seq = core->seq;
        x->ready_at = clock_now(core);
        x->site = site_of(core, 0);
        settle(core);
    }
    return handle;
}

/* What subtype_dealloc would do, without looking for what there is to do. */
static void handle_dealloc(PyObject *self) {
    PyTypeObject *type = self->type;
    PyObject_GC_UnTrack(self);
    if (*field(self, at_weak)) PyObject_ClearWeakRefs(self);
    const Py_ssize_t fields[] = {at_callback, at_args, at_context, at_loop, at_cancelled, at_repr, at_traceback};
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) drop_if(*field(self, fields[k]));
    PyObject_GC_Del(self);
    drop((PyObject *)type);
}

static int name_of(Core *core, PyObject *callback) {
    if (callback->type == &PyFunction_Type || callback->type == &PyCFunction_Type || callback->type == &PyMethod_Type) {
        PyObject *name = NULL;
        if (PyObject_GetOptionalAttr(callback, s___qualname__, &name) < 0) PyErr_Clear();
        PyObject *known = name ? PyDict_GetItemWithError(core->strings, name) : NULL; /* borrowed */
        drop_if(name);
        if (known) return (int)PyLong_AsLong(known);
    }
    return number_of(call(core, s_callback_name, callback, NULL, NULL));
}

/* The task whose step a callback is, a new reference; NULL for another callback, or after an error. */
static PyObject *task_of(PyObject *callback, PyObject *args, int *via) {
    static PyMethodDef *wakeup;
    if (callback->type == step_type) return PyObject_GetAttr(callback, s___self__);
    PyObject *task = NULL;
    if (callback->type == &PyCFunction_Type) {
        PyMethodDef *definition = ((BuiltinMethod *)callback)->definition;
        if (!wakeup && (!strcmp(definition->name, "task_wakeup") || !strcmp(definition->name, "TaskWakeup")))
            wakeup = definition;
        if (definition == wakeup) task = hold(((BuiltinMethod *)callback)->self);
    } else if (callback->type == &PyMethod_Type) {
        task = PyObject_Vectorcall(step_task, &callback, 1, NULL);
        if (task == None) task = NULL;
    }
    if (task && PyTuple_Size(args) > 0) *via = id_in(PyTuple_GetItem(args, 0));
    return task;
}

static PyObject *run_in_context(PyObject *context, PyObject *callback, PyObject *args) {
    if (PyContext_Enter(context)) return NULL;
    Py_ssize_t count = PyTuple_Size(args);
    PyObject *only = count == 1 ? PyTuple_GetItem(args, 0) : NULL;
    PyObject *result = count > 1 ? PyObject_Call(callback, args, NULL)
                                 : PyObject_Vectorcall(callback, &only, (size_t)count, NULL);
    PyObject *error = result ? NULL : PyErr_GetRaisedException();
    PyContext_Exit(context);
    if (error) PyErr_SetRaisedException(error);
    return result;
}

/* Whether a task has ended; `coro` may be NULL. Whose coroutine is in the middle of an await has not. */
static int is_done(PyObject *task, PyObject *coro) {
    if (coro && coro->type == &PyCoro_Type && is_suspended((Coroutine *)coro)) return 0;
    PyObject *result = call(task, s_done, NULL, NULL, NULL);
    int done = result ? PyObject_IsTrue(result) : 0;
    drop_if(result);
    return done;
}

/* The row of a handle that has run. */
static void write_row(Core *core, Extra *x, PyObject *task, PyObject *callback, double begin, int number, int via, int failed) {
    double end, spent;
    if (core->virtual) {
        end = clock_now(core);
        double mark = cpu_now(core);
        spent = mark - core->mark;
        core->mark = mark;
    } else {
        core->begin = end = clock_now(core);
        spent = end - begin;
    }
    int word = CALLBACK | failed, waits = 0, chain = 0, aux = 0;
    if (!task)
        aux = name_of(core, callback);
    else {
        PyObject *waiter = PyObject_GetAttr(task, s__fut_waiter);
        PyObject *coro = NULL;
        if (waiter && waiter != None) {
            word = SUSPENDED_WORD;
            waits = id_in(waiter);
            if (!waits && !PyErr_Occurred()) {
                if (waiter->type == future_type) {
                    PyObject *id = PyLong_FromLong(waits = ++core->ids);
                    if (id) PyObject_SetAttr(waiter, s__loopscope_id, id);
                    drop_if(id);
                } else
                    waits = number_of(call(core, s_id_of, waiter, NULL, NULL));
            }
            settle(core);
            PyObject_GetOptionalAttr(task, s__loopscope_coro, &coro);
            chain = chain_of_task(core, task, coro);
            int depth = chain ? (int)PyLong_AsLong(PyList_GetItem(core->owner_depth, chain)) : 0;
            if (depth) aux = primitive(core, task, coro, depth);
        } else if (waiter) {
            PyObject_GetOptionalAttr(task, s__loopscope_coro, &coro);
            int done = is_done(task, coro);
            settle(core);
            if (!done) {
                word = YIELDED_WORD;
                chain = chain_of_task(core, task, coro);
            } else {
                PyObject *outcome = call(core, s_outcome, task, NULL, NULL);
                if (outcome) {
                    word = (int)PyLong_AsLong(PyTuple_GetItem(outcome, 0));
                    waits = (int)PyLong_AsLong(PyTuple_GetItem(outcome, 1));
                    chain = (int)PyLong_AsLong(PyTuple_GetItem(outcome, 2));
                    aux = (int)PyLong_AsLong(PyTuple_GetItem(outcome, 3));
                    drop(outcome);
                }
            }
        }
        drop_if(waiter);
        drop_if(coro);
        if (failed) word = (word & 0xFF) | failed;
    }
    Row *row = PyErr_Occurred() ? NULL : next_row(core);
    if (row)
        *row = (Row){begin, end, x->ready_at, (float)spent, word, number, x->by, x->site, via, waits, chain, x->ready_seq, aux};
}

static PyObject *handle_run(PyObject *self, PyObject *unused) {
    Extra *x = extra(self);
    Core *core = x->core;
    if (core && core->hold) {
        PyObject *result = call(core, s_wait_to_go, self, NULL, NULL);
        if (!result) return NULL;
        drop(result);
    }
    PyObject *callback = hold(*field(self, at_callback)), *args = hold(*field(self, at_args));
    PyObject *context = hold(*field(self, at_context)), *task = NULL;
    int via = 0, number = 0;
    double begin = 0;
    if (core) {
        task = task_of(callback, args, &via);
        if (!task)
            number = ++core->ids;
        else if (!(number = id_in(task)))
            number = number_of(call(core, s_id_of, task, NULL, NULL));
        settle(core);
        core->cur = number;
        begin = core->virtual ? (core->begin = clock_now(core)) : core->begin;
    }
    int failed = 0;
    PyObject *result = run_in_context(context, callback, args), *error = NULL;
    if (!result) {
        _PyTraceback_Add("_run", run_file, run_line);
        error = PyErr_GetRaisedException();
        if (PyErr_GivenExceptionMatches(error, PyExc_SystemExit) ||
            PyErr_GivenExceptionMatches(error, PyExc_KeyboardInterrupt))
            failed = INTERRUPTED;
        else {
            failed = FAILED;
            PyObject *arguments[] = {self, callback, error}, *outer = PyErr_GetHandledException();
            PyErr_SetHandledException(error); /* as in an except clause: what a handler raises comes on top */
            PyObject *told = PyObject_Vectorcall(report, arguments, 3, NULL);
            PyErr_SetHandledException(outer);
            drop_if(outer);
            drop(error);
            error = told ? NULL : PyErr_GetRaisedException();
            drop_if(told);
        }
    }
    drop_if(result);
    if (core) {
        write_row(core, x, task, callback, begin, number, via, failed);
        settle(core);
        core->cur = 0;
    }
    drop(callback);
    drop(args);
    drop(context);
    drop_if(task);
    if (error) {
        PyErr_SetRaisedException(error);
        return NULL;
    }
    return hold(None);
}

/* Handle(callback, args, loop, context=None), of a core: as asyncio makes one. */
static PyObject *core_handle(Core *core, PyObject *const *args, Py_ssize_t count) {
    if (count < 3) {
        PyErr_SetString(PyExc_TypeError, "Handle() takes a callback, its arguments and a loop");
        return NULL;
    }
    return new_handle(core, args[0], args[1], args[2], count > 3 ? args[3] : None);
}

/* -- the loop's call_soon */

/* A loop's own attributes that every call_soon() asks for; booleans, as a rule, which need no garbage collection. */
typedef struct {
    PyObject base;
    PyObject *debug, *closed;
} Loop;

static inline int is_true(PyObject *value) { return value == &_Py_TrueStruct || (value && PyObject_IsTrue(value)); }

/* The newest loop, and what it has: borrowed from it, and never looked at for another. */
static struct {
    PyObject *loop, *ready;
    Core *core;
} newest;

/* _made(): the last thing a loop's __init__ does. */
static PyObject *loop_made(PyObject *self, PyObject *unused) {
    PyObject *probe = PyObject_GetAttr(self, s_probe), *ready = PyObject_GetAttr(self, s__ready);
    if (!probe || !ready) return NULL;
    newest.loop = self;
    newest.ready = ready;
    newest.core = probe == None ? NULL : (Core *)probe;
    drop(probe); /* the loop keeps both */
    drop(ready);
    return hold(None);
}

static PyObject *loop_call_soon(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords) {
    PyObject *context = None;
    Py_ssize_t named = keywords ? PyTuple_Size(keywords) : 0;
    int slow = is_true(((Loop *)self)->debug) || is_true(((Loop *)self)->closed);
    if (named == 1 && (PyTuple_GetItem(keywords, 0) == s_context ||
                       !PyUnicode_CompareWithASCIIString(PyTuple_GetItem(keywords, 0), "context")))
        context = args[count];
    else if (named)
        slow = 1; /* Python says what is wrong */
    if (slow || count < 1) {
        PyObject *python = PyObject_GetAttr(self, s__call_soon_slowly);
        if (!python) return NULL;
        PyObject *handle = PyObject_Vectorcall(python, args, (size_t)count, keywords);
        drop(python);
        return handle;
    }
    if (newest.loop != self) {
        PyObject *told = loop_made(self, NULL);
        if (!told) return NULL;
        drop(told);
    }
    PyObject *rest = PyTuple_New(count - 1);
    if (!rest) return NULL;
    for (Py_ssize_t k = 1; k < count; k++) PyTuple_SetItem(rest, k - 1, hold(args[k]));
    PyObject *ready = hold(newest.ready);
    PyObject *handle = new_handle(newest.core, args[0], rest, self, context);
    PyObject *arguments[] = {ready, handle};
    PyObject *appended = handle ? PyObject_Vectorcall(append, arguments, 2, NULL) : NULL;
    drop(rest);
    drop(ready);
    if (!appended) {
        drop_if(handle);
        return NULL;
    }
    drop(appended);
    return handle;
}

/* -- the selector's select (parking.py) */

typedef struct {
    PyObject base;
    double left; /* when the host last had its turn, by time.monotonic() */
    double slice;
    PyObject *loop, *ready, *zero; /* borrowed: the selector has them */
    Core *core;
    char virtual;
} Selector;

/* _attach(loop, ready, core or None, virtual, slice): the last thing its __init__ does. */
static PyObject *selector_attach(Selector *self, PyObject *const *args, Py_ssize_t count) {
    if (count != 5) {
        PyErr_SetString(PyExc_TypeError, "_attach() takes five arguments");
        return NULL;
    }
    self->loop = args[0];
    self->ready = args[1];
    self->core = args[2] == None ? NULL : (Core *)args[2];
    self->virtual = args[3] == &_Py_TrueStruct;
    self->slice = PyFloat_AsDouble(args[4]);
    self->zero = PyLong_FromLong(0); /* lives for ever */
    return PyErr_Occurred() ? NULL : hold(None);
}

/* Whether virtual time must be seen to: a loop that never rests lets it pass while timers wait. */
static int has_timers(Selector *self) {
    PyObject *scheduled = PyObject_GetAttr(self->loop, s__scheduled);
    int any = !scheduled || PyList_Size(scheduled) != 0;
    drop_if(scheduled);
    return any;
}

static PyObject *selector_select(Selector *self, PyObject *timeout) {
    if (timeout == self->zero && PyDict_Size(self->ready) == 0 && !(self->virtual && has_timers(self)) &&
        read_clock() - self->left < self->slice) {
        if (self->core) self->core->polled_seq = self->core->seq;
        return PyTuple_New(0);
    }
    PyErr_Clear();
    return call((PyObject *)self, s__select_slowly, timeout, NULL, NULL);
}

/* -- primitives (primitives.py) */

/* What a program counts, as a row holds it: see clamped() in primitives.py. */
static int32_t clamped(PyObject *value) {
    int beyond = 0;
    long number = PyLong_AsLongAndOverflow(value, &beyond);
    if (beyond) return beyond < 0 ? INT32_MIN : INT32_MAX;
    if (number != -1 || !PyErr_Occurred()) return (int32_t)number;
    PyErr_Clear();
    double near = PyFloat_AsDouble(value);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        return 0;
    }
    if (near != near) return 0;
    return near <= INT32_MIN ? INT32_MIN : near >= INT32_MAX ? INT32_MAX : (int32_t)near;
}

static int write_state(Core *core, PyObject *owner, int32_t value) {
    int number = id_in(owner);
    if (!number && !PyErr_Occurred()) number = number_of(call(core, s__new_primitive, owner, NULL, NULL));
    if (number > 0) {
        int site = site_of(core, 0);
        Row *row = PyErr_Occurred() ? NULL : next_row(core);
        double t = core->virtual ? clock_now(core) : read_clock() - core->real_base;
        if (row) *row = (Row){t, 0, 0, 0, STATE, number, core->cur, site, 0, 0, 0, 0, value};
    }
    settle(core);
    return 0;
}

typedef struct {
    PyObject base;
    PyObject *name; /* of the attribute, interned */
    Core *core;
} Watched;

static int watched_set(Watched *self, PyObject *owner, PyObject *value) {
    PyObject *fields = PyObject_GenericGetDict(owner, NULL);
    if (!fields) return -1;
    int failed = PyDict_SetItem(fields, self->name, value);
    drop(fields);
    if (failed) return -1;
    return write_state(self->core, owner, clamped(value)); /* a bool, or how many */
}

/* -- methods */

/* state(owner, value): a row of what a primitive now is. */
static PyObject *core_state(Core *core, PyObject *const *args, Py_ssize_t count) {
    if (count == 2) write_state(core, args[0], clamped(args[1]));
    return hold(None);
}

/* site_of(depth): site of the innermost frame of the program's own, `depth` or more below the caller's. */
static PyObject *core_site_of(Core *core, PyObject *depth) {
    int site = site_of(core, (int)PyLong_AsLong(depth));
    return PyErr_Occurred() ? NULL : PyLong_FromLong(site);
}

/* watched(name): a descriptor that writes a row at each change. */
static PyTypeObject *watched_type;
static PyObject *core_watched(Core *core, PyObject *name) {
    Watched *watched = (Watched *)PyType_GenericAlloc(watched_type, 0);
    if (!watched) return NULL;
    watched->name = hold(name);
    watched->core = (Core *)hold(&core->base);
    return &watched->base;
}

/* attach(buffer, clock, slot_of_now or None, cpu or None, places, owner_depth, strings): before the first use. */
static PyObject *core_attach(Core *core, PyObject *const *args, Py_ssize_t count) {
    if (count != 7) {
        PyErr_SetString(PyExc_TypeError, "attach() takes seven arguments");
        return NULL;
    }
    hold(&core->base); /* handles keep no reference: a core lives as long as its interpreter */
    core->buffer = PyByteArray_AsString(hold(args[0]));
    core->full = PyByteArray_Size(args[0]);
    core->clock = hold(args[1]);
    core->virtual = args[2] != None;
    if (core->virtual) core->now_at = ((MemberDescriptor *)args[2])->member->offset;
    core->cpu = hold(args[3]);
    core->places = hold(args[4]);
    core->owner_depth = hold(args[5]);
    core->strings = hold(args[6]);
    if (resize(&core->codes, 256) || resize(&core->sites, 256) || resize(&core->chains, 256)) {
        PyErr_SetString(PyExc_TypeError, "no memory for the tables of places");
        return NULL;
    }
    return hold(None);
}

#define FAST(name, function, doc) {name, (PyCFunction)(void *)(function), METH_FASTCALL, doc}
static PyMethodDef core_methods[] = {
    FAST("attach", core_attach, "What the rows are made from."),
    FAST("Handle", core_handle, "A handle that writes a row when it has run."),
    FAST("state", core_state, "A primitive was made or changed."),
    {"watched", (PyCFunction)core_watched, METH_O, "A descriptor that tells of every change of an attribute."},
    {"site_of", (PyCFunction)core_site_of, METH_O, "Site of the innermost frame of the program's own."},
    {0},
};
#define MEMBER(name, field, type) {name, type, offsetof(Core, field), 0, 0}
static PyMemberDef core_members[] = {
    MEMBER("begin", begin, Py_T_DOUBLE), MEMBER("mark", mark, Py_T_DOUBLE), MEMBER("base", real_base, Py_T_DOUBLE),
    MEMBER("origin", origin, Py_T_DOUBLE), MEMBER("cur", cur, Py_T_INT), MEMBER("seq", seq, Py_T_INT),
    MEMBER("ids", ids, Py_T_INT), MEMBER("offset", offset, Py_T_INT), MEMBER("full", full, Py_T_INT),
    MEMBER("polled_seq", polled_seq, Py_T_INT), MEMBER("hold", hold, Py_T_BOOL), {0},
};
static PyMethodDef loop_methods[] = {
    {"call_soon", (PyCFunction)(void *)loop_call_soon, METH_FASTCALL | METH_KEYWORDS, "BaseEventLoop.call_soon."},
    {"_made", loop_made, METH_NOARGS, "The loop has been made."},
    {0},
};
static PyMemberDef loop_members[] = {
    {"_debug", Py_T_OBJECT_EX, offsetof(Loop, debug), 0, 0}, {"_closed", Py_T_OBJECT_EX, offsetof(Loop, closed), 0, 0}, {0},
};
static PyMethodDef selector_methods[] = {
    {"select", (PyCFunction)(void *)selector_select, METH_O, "ParkingSelector.select."},
    FAST("_attach", selector_attach, "What the selector belongs to."),
    {0},
};
static PyMemberDef selector_members[] = {{"_left", Py_T_DOUBLE, offsetof(Selector, left), 0, 0}, {0}};
static PyMethodDef handle_methods[] = {{"_run", handle_run, METH_NOARGS, "asyncio.Handle._run."}, {0}};

static PyType_Slot core_slots[] = {
    {Py_tp_methods, core_methods}, {Py_tp_members, core_members}, {0}};
static PyType_Slot loop_slots[] = {{Py_tp_methods, loop_methods}, {Py_tp_members, loop_members}, {0}};
static PyType_Slot selector_slots[] = {{Py_tp_methods, selector_methods}, {Py_tp_members, selector_members}, {0}};
static PyType_Slot watched_slots[] = {{Py_tp_descr_set, watched_set}, {0}};

/* setup(asyncio.Handle, step_type, Future, report, step_task, file, line, (words), deque.append) → None: once, before anything else. */
static PyObject *module;
static PyObject *setup(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const struct { const char *name; Py_ssize_t *at; } fields[] = {
        {"_callback", &at_callback}, {"_args", &at_args}, {"_context", &at_context}, {"_loop", &at_loop},
        {"_cancelled", &at_cancelled}, {"_repr", &at_repr}, {"_source_traceback", &at_traceback}};
    int *words[] = {&CALLBACK, &SUSPENDED_WORD, &YIELDED_WORD, &FAILED, &INTERRUPTED, &STATE};
    if (count != 9) {
        PyErr_SetString(PyExc_TypeError, "setup() takes nine arguments");
        return NULL;
    }
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
        PyObject *name = PyUnicode_InternFromString(fields[k].name);
        PyObject *slot = name ? PyObject_GetAttr(args[0], name) : NULL;
        if (!slot) return NULL;
        *fields[k].at = ((MemberDescriptor *)slot)->member->offset;
    }
    step_type = (PyTypeObject *)hold(args[1]);
    future_type = (PyTypeObject *)hold(args[2]);
    report = hold(args[3]);
    step_task = hold(args[4]);
    run_file = PyUnicode_AsUTF8(hold(args[5]));
    run_line = (int)PyLong_AsLong(args[6]);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) *words[k] = (int)PyLong_AsLong(PyTuple_GetItem(args[7], k));
    append = hold(args[8]);
    PyObject *size_name = PyUnicode_InternFromString("__basicsize__");
    PyObject *weak_name = PyUnicode_InternFromString("__weakrefoffset__");
    handle_size = (size_t)number_of(PyObject_GetAttr(args[0], size_name));
    at_weak = number_of(PyObject_GetAttr(args[0], weak_name));
    if (PyErr_Occurred()) return NULL;
    if (handle_size % 8) handle_size += 8 - handle_size % 8;
#define MEMBER_OF_HANDLE(name, type, of) {name, type, (Py_ssize_t)(handle_size + offsetof(Extra, of)), 0, 0}
    PyMemberDef members[] = {MEMBER_OF_HANDLE("by", Py_T_INT, by), MEMBER_OF_HANDLE("site", Py_T_INT, site),
                             MEMBER_OF_HANDLE("ready_seq", Py_T_INT, ready_seq),
                             MEMBER_OF_HANDLE("ready_at", Py_T_DOUBLE, ready_at), {0}};
    PyType_Slot slots[] = {
        {Py_tp_methods, handle_methods}, {Py_tp_members, members}, {Py_tp_dealloc, handle_dealloc}, {0}};
    PyType_Spec spec = {"asyncio.events.Handle", (int)(handle_size + sizeof(Extra)), 0, 0, slots};
    handle_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, args[0]);
    return handle_type ? hold((PyObject *)handle_type) : NULL;
}

/* check(coro) → None: do the private structures lie where we look? TypeError if not. `coro` is suspended in an await; its
 * own first argument, and that of each coroutine it awaits, is a function. */
static PyObject *check(PyObject *self, PyObject *coro) {
    ThreadState *thread = PyThreadState_Get();
    PyObject *object = PyThreadState_GetFrame(thread), *code, *await_name = PyUnicode_InternFromString("cr_await");
    PyObject *frame_name = PyUnicode_InternFromString("cr_frame");
    for (Frame *frame = thread->current_frame; frame && object; frame = frame->previous) {
        if (frame->owner >= OWNED_BY_INTERPRETER) continue;
        code = PyFrame_GetCode(object);
        int same = REFERENT(frame->executable) == code &&
                   PyUnstable_InterpreterFrame_GetLasti(frame) == PyFrame_GetLasti(object);
        drop(code);
        PyObject *back = PyFrame_GetBack(object);
        drop(object);
        object = back;
        if (!same) goto differs;
    }
    if (object) goto differs;
    while (coro->type == &PyCoro_Type) {
        PyObject *frame = PyObject_GetAttr(coro, frame_name), *inner = PyObject_GetAttr(coro, await_name);
        if (!frame || !inner) return NULL;
        code = PyFrame_GetCode(frame);
        Coroutine *c = (Coroutine *)coro;
        int same = REFERENT(c->frame.executable) == code && awaited(c) == inner &&
                   PyUnstable_InterpreterFrame_GetLasti(&c->frame) == PyFrame_GetLasti(frame) &&
                   REFERENT(c->frame.values[0])->type == &PyFunction_Type;
        drop(code);
        drop(frame);
        drop(inner); /* the coroutine keeps it */
        if (!same) goto differs;
        coro = inner;
    }
    return hold(None);
differs:
    PyErr_SetString(PyExc_TypeError, "this Python's frames are laid out differently");
    return NULL;
}

static PyMethodDef methods[] = {
    FAST("setup", setup, "What the handles are made of."),
    {"check", check, METH_O, "Raises TypeError where Python's private structures are not those this was built for."},
    {0},
};
static PyModuleDef definition = {{1, 0}, 0, 0, 0, "loopscope._hot", 0, -1, methods, 0, 0, 0, 0};

EXPORT PyObject *PyInit__hot(void) {
#define INTERN(name)                                                                                                   \
    if (!(s_##name = PyUnicode_InternFromString(#name))) return NULL;
    NAMES(INTERN)
    module = PyModule_Create2(&definition, PYTHON_API_VERSION);
    PyType_Spec core = {"loopscope._hot.Core", sizeof(Core), 0, Py_TPFLAGS_BASETYPE, core_slots};
    PyType_Spec loop = {"loopscope._hot.Loop", sizeof(Loop), 0, Py_TPFLAGS_BASETYPE, loop_slots};
    PyType_Spec selector = {"loopscope._hot.Selector", sizeof(Selector), 0, Py_TPFLAGS_BASETYPE, selector_slots};
    PyType_Spec watched = {"loopscope._hot.Watched", sizeof(Watched), 0, 0, watched_slots};
    if (!module) return NULL;
    PyObject *core_type = PyType_FromModuleAndSpec(module, &core, NULL);
    PyObject *loop_type = PyType_FromModuleAndSpec(module, &loop, NULL);
    PyObject *selector_type = PyType_FromModuleAndSpec(module, &selector, NULL);
    watched_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &watched, NULL);
    if (PyModule_AddStringConstant(module, "SOURCE", SOURCE)) return NULL;
    if (!core_type || !loop_type || !selector_type || !watched_type || PyModule_AddObjectRef(module, "Core", core_type) ||
        PyModule_AddObjectRef(module, "Loop", loop_type) || PyModule_AddObjectRef(module, "Selector", selector_type))
        return NULL;
    return hold(module);
}
