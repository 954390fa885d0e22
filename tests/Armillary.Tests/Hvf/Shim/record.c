// The log of calls, and of breaches of the contract.
#define _GNU_SOURCE
#include "shim.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 8192, WIDTH = 160 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char lines[LINES][WIDTH];
static uint64_t count;
static char violations[64][WIDTH];
static unsigned violation_count;

void record(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&lock);
    vsnprintf(lines[count++ % LINES], WIDTH, format, arguments);
    pthread_mutex_unlock(&lock);
    va_end(arguments);
}

void violation(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&lock);
    if (violation_count < 64) vsnprintf(violations[violation_count++], WIDTH, format, arguments);
    pthread_mutex_unlock(&lock);
    va_end(arguments);
}

static size_t append(char *buffer, size_t size, size_t at, const char *line)
{
    size_t length = strlen(line);
    if (at + length + 2 > size) return at;
    memcpy(buffer + at, line, length);
    buffer[at + length] = '\n';
    buffer[at + length + 1] = 0;
    return at + length + 1;
}

EXPORT size_t shim_take_log(char *buffer, size_t size)
{
    size_t at = 0;
    buffer[0] = 0;
    pthread_mutex_lock(&lock);
    for (uint64_t i = count > LINES ? count - LINES : 0; i < count; i++) at = append(buffer, size, at, lines[i % LINES]);
    count = 0;
    pthread_mutex_unlock(&lock);
    return at;
}

EXPORT size_t shim_take_violations(char *buffer, size_t size)
{
    size_t at = 0;
    buffer[0] = 0;
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < violation_count; i++) at = append(buffer, size, at, violations[i]);
    violation_count = 0;
    pthread_mutex_unlock(&lock);
    return at;
}
