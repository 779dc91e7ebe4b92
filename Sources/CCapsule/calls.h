#pragma once

/// Whether only an event ends the call: 1 yes, 0 no, 2 when it may wait for a disk. Linux only.
int call_is_durable(long call, const unsigned long long *argument);

/// Whether real time ends the call, when it is not durable. Linux only.
int call_is_timed(long call);
