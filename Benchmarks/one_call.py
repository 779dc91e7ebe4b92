"""An agent that asks for one streamed answer through the official openai SDK, as most would write it.

    one_call.py             asks, and prints the answer
    one_call.py COPIES      forks at the call, so many times, and prints the seconds of processor time
                            that one copy takes: what a plain fork costs, with nothing simulated
"""

import os
import resource
import sys

from openai import OpenAI


def ask(create):
    """Prints the answer; whether there was one."""
    text, error = "", None
    try:
        for chunk in create(
            model="m", stream=True, max_tokens=64, temperature=0, seed=7,
            messages=[{"role": "user", "content": "Say good morning."}],
        ):
            text += chunk.choices[0].delta.content or ""
    except Exception as found:
        error = type(found).__name__
    print(text, error or "", flush=True)
    return bool(text) and error is None


def processor_seconds():
    """Of this process and of those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def fork_at(call, copies):
    began = processor_seconds()
    for _ in range(copies):
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os._exit(0 if call() else 1)
        if os.waitpid(pid, 0)[1] != 0:
            sys.exit("a copy failed")
    print((processor_seconds() - began) / copies)


def main():
    with OpenAI() as client:
        create = client.chat.completions.create
        if len(sys.argv) > 1:
            fork_at(lambda: ask(create), int(sys.argv[1]))
        else:
            ask(create)


if __name__ == "__main__":
    main()
