/* The part of CPython 3.14's C interface that hot.c uses, as it is on wasm32.
 *
 * Declared here, so that one compiler is all that building takes. What is wrong about a function would not link:
 * WebAssembly checks every signature. What is wrong about a private structure is found before it is used: hot.check()
 * compares each with what Python's own attributes say (loopscope/accelerator.py).
 */
#ifndef LOOPSCOPE_PYTHON_H
#define LOOPSCOPE_PYTHON_H

#include <stddef.h>
#include <stdint.h>

typedef int32_t Py_ssize_t;
typedef struct PyTypeObject PyTypeObject;
typedef struct {
    uint32_t refcount;
    PyTypeObject *type;
} PyObject;

/* Objects that live for ever have a count that is never changed. */
#define IMMORTAL (UINT32_C(1) << 30)

void _Py_Dealloc(PyObject *);

static inline PyObject *hold(PyObject *object) {
    if (object->refcount < IMMORTAL) object->refcount++;
    return object;
}

static inline void drop(PyObject *object) {
    if (object->refcount < IMMORTAL && --object->refcount == 0) _Py_Dealloc(object);
}

static inline void drop_if(PyObject *object) {
    if (object) drop(object);
}

/* Modules, types */

typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
typedef struct {
    const char *name;
    PyCFunction function;
    int flags;
    const char *doc;
} PyMethodDef;
enum { METH_VARARGS = 1, METH_KEYWORDS = 2, METH_NOARGS = 4, METH_O = 8, METH_FASTCALL = 0x80 };

typedef struct {
    const char *name;
    int type;
    Py_ssize_t offset;
    int flags;
    const char *doc;
} PyMemberDef;
enum { Py_T_INT = 1, Py_T_DOUBLE = 4, Py_T_BOOL = 14, Py_T_OBJECT_EX = 16 };

typedef struct {
    int slot;
    void *value;
} PyType_Slot;
typedef struct {
    const char *name;
    int basicsize, itemsize;
    unsigned int flags;
    PyType_Slot *slots;
} PyType_Spec;
enum { Py_tp_dealloc = 52, Py_tp_descr_set = 55, Py_tp_methods = 64, Py_tp_members = 72 };
enum { Py_TPFLAGS_BASETYPE = 1 << 10 };

typedef struct {
    PyObject base;
    PyObject *(*init)(void);
    Py_ssize_t index;
    PyObject *copy;
    const char *name, *doc;
    Py_ssize_t size;
    PyMethodDef *methods;
    void *slots, *traverse, *clear, *free;
} PyModuleDef;
enum { PYTHON_API_VERSION = 1013 };

PyObject *PyModule_Create2(PyModuleDef *, int);
int PyModule_AddStringConstant(PyObject *, const char *, const char *);
int PyModule_AddObjectRef(PyObject *, const char *, PyObject *);
PyObject *PyType_FromModuleAndSpec(PyObject *, PyType_Spec *, PyObject *);
PyObject *PyType_GenericAlloc(PyTypeObject *, Py_ssize_t);
void PyObject_GC_UnTrack(void *);
void PyObject_GC_Del(void *);
void PyObject_ClearWeakRefs(PyObject *);

/* Objects */

extern PyObject _Py_NoneStruct, _Py_TrueStruct, _Py_FalseStruct;
#define None (&_Py_NoneStruct)
extern PyTypeObject PyCFunction_Type, PyFunction_Type, PyMethod_Type, PyCoro_Type, PyGen_Type, PyCell_Type;

PyObject *PyObject_GetAttr(PyObject *, PyObject *);
int PyObject_GetOptionalAttr(PyObject *, PyObject *, PyObject **);
PyObject *PyObject_GenericGetAttr(PyObject *, PyObject *);
int PyObject_SetAttr(PyObject *, PyObject *, PyObject *);
int PyObject_IsTrue(PyObject *);
PyObject *PyObject_Vectorcall(PyObject *, PyObject *const *, size_t, PyObject *);
PyObject *PyObject_VectorcallMethod(PyObject *, PyObject *const *, size_t, PyObject *);
#define ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))
PyObject *PyObject_Call(PyObject *, PyObject *, PyObject *);
PyObject *PyObject_GenericGetDict(PyObject *, void *);

PyObject *PyLong_FromLong(long);
long PyLong_AsLong(PyObject *);
long PyLong_AsLongAndOverflow(PyObject *, int *);
PyObject *PyFloat_FromDouble(double);
double PyFloat_AsDouble(PyObject *);
PyObject *PyUnicode_InternFromString(const char *);
const char *PyUnicode_AsUTF8(PyObject *);
int PyUnicode_CompareWithASCIIString(PyObject *, const char *);
PyObject *PyTuple_New(Py_ssize_t);
int PyTuple_SetItem(PyObject *, Py_ssize_t, PyObject *);
PyObject *PyTuple_GetItem(PyObject *, Py_ssize_t);
Py_ssize_t PyTuple_Size(PyObject *);
PyObject *PyList_GetItem(PyObject *, Py_ssize_t);
Py_ssize_t PyList_Size(PyObject *);
Py_ssize_t PyDict_Size(PyObject *);
PyObject *PyDict_GetItemWithError(PyObject *, PyObject *);
int PyDict_SetItem(PyObject *, PyObject *, PyObject *);
char *PyByteArray_AsString(PyObject *);
Py_ssize_t PyByteArray_Size(PyObject *);
int PyArg_ParseTuple(PyObject *, const char *, ...);

/* Errors, contexts, clocks, memory */

extern PyObject *PyExc_SystemExit, *PyExc_KeyboardInterrupt, *PyExc_TypeError;
PyObject *PyErr_Occurred(void);
PyObject *PyErr_GetRaisedException(void);
void PyErr_SetRaisedException(PyObject *);
PyObject *PyErr_GetHandledException(void);
void PyErr_SetHandledException(PyObject *);
int PyErr_GivenExceptionMatches(PyObject *, PyObject *);
void PyErr_SetString(PyObject *, const char *);
void PyErr_Clear(void);
void _PyTraceback_Add(const char *function, const char *file, int line);

PyObject *PyContext_CopyCurrent(void);
int PyContext_Enter(PyObject *);
int PyContext_Exit(PyObject *);

double emscripten_get_now(void); /* milliseconds; both clocks of Python's begin there */

void *PyMem_Calloc(size_t, size_t);
void PyMem_Free(void *);

/* Private structures */

typedef uintptr_t StackRef; /* a pointer; its two low bits are marks */
#define REFERENT(ref) ((PyObject *)((ref) & ~(uintptr_t)3))

typedef struct Frame {
    StackRef executable;
    struct Frame *previous;
    StackRef function;
    PyObject *globals, *builtins, *locals, *object;
    void *instruction;
    StackRef *stack_top;
    uint16_t return_offset;
    char owner;
    uint8_t visited;
    StackRef values[1]; /* local variables, then the stack */
} Frame;
enum { OWNED_BY_INTERPRETER = 3 };

typedef struct {
    PyObject base;
    PyObject *weak_references, *name, *qualname;
    struct {
        PyObject *value;
        void *previous;
    } exception;
    PyObject *origin;
    char hooks_inited, closed, running_async;
    int8_t state;
    Frame frame;
} Coroutine;
enum { SUSPENDED = -2, SUSPENDED_YIELD_FROM = -1 };

typedef struct {
    void *previous, *next, *interpreter;
    uintptr_t eval_breaker;
    unsigned int status;
    int holds_gil, whence, state, recursion[3], tracing, what_event;
    Frame *current_frame;
} ThreadState;

typedef struct {
    PyObject base;
    PyMethodDef *definition;
    PyObject *self;
} BuiltinMethod;

typedef struct {
    PyObject base;
    PyTypeObject *type;
    PyObject *name, *qualname;
    PyMemberDef *member;
} MemberDescriptor;

ThreadState *PyThreadState_Get(void);
int PyUnstable_InterpreterFrame_GetLasti(Frame *);
PyObject *PyThreadState_GetFrame(ThreadState *);
PyObject *PyFrame_GetBack(PyObject *);
PyObject *PyFrame_GetCode(PyObject *);
int PyFrame_GetLasti(PyObject *);

#endif
