"""Runs evals of GradBench on tools without Docker: whether the answers are valid, and the time of each function.

    python3 run.py FOLDER EVAL[=OPTIONS] [...] --tool NAME=COMMAND [--tool ...] [--log FILE]

FOLDER is a clone of https://github.com/gradbench/gradbench in which its tool "manual" is built, since most evals compare with it; its
README says how, and how to run its tools. An eval may have options, see its run.py, and a tool is a command that is run in FOLDER:

    python3 run.py ~/gradbench hello 'gmm=-d 2 10 -k 5 25 --min-seconds 2' \\
        --tool 'adjoint=java --add-modules jdk.incubator.vector -cp /path/to/benchmarks.jar io.adjoint.benchmarks.gradbench.GradBench' \\
        --tool 'pytorch=python3 python/gradbench/gradbench/tools/pytorch/run.py'

Prints a line for each eval, function and input: the median time of each tool's runs in microseconds, with the number of runs, and
"unchecked" if the eval didn't judge the answer; "wrong" for an answer that the eval refused; "-" for a function or an eval that the tool lacks.
The log has all of these as lines of JSON, with the mean, which GradBench reports, the shortest run and the error. Ends with 1 if an answer was wrong
or a tool failed. To compare on one core, put "taskset -c 1" before each command, and "env OMP_NUM_THREADS=1" before PyTorch's.
"""

import argparse
import contextlib
import json
import os
import shlex
import statistics
import subprocess
import sys

ENDED = "the tool ended"

def start(folder, command):
    environment = os.environ | {"PYTHONPATH": "python/gradbench"}
    return subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def rounds(eval_process, tool_process):
    """Passes messages and responses on, and yields the pairs, until the eval or the tool ends."""
    for message in eval_process.stdout:
        response = ""
        with contextlib.suppress(BrokenPipeError):
            tool_process.stdin.write(message)
            tool_process.stdin.flush()
            response = tool_process.stdout.readline()
        if not response:
            eval_process.kill()
            yield json.loads(message), {"success": False, "error": ENDED}
            return
        yield json.loads(message), json.loads(response)
        with contextlib.suppress(BrokenPipeError):
            eval_process.stdin.write(response)
            eval_process.stdin.flush()


def run(folder, name, options, command):
    """The results of a tool: for each function and input its state, the times of its runs in microseconds, and an error."""
    eval_process = start(folder, [sys.executable, f"python/gradbench/gradbench/evals/{name}/run.py", *shlex.split(options)])
    tool_process = start(folder, shlex.split(command))
    results, asked = {}, {}
    for message, response in rounds(eval_process, tool_process):
        if message["kind"] == "evaluate":
            asked[message["id"]] = key = (message["function"], message.get("description", str(message["input"])))
            times = [t["nanoseconds"] / 1e3 for t in response.get("timings") or [] if t["name"] == "evaluate"]
            state = "unchecked" if response.get("success") else "failed"
            results[key] = {"state": state, "times": times, "error": response.get("error")}
        elif message["kind"] == "analysis":
            results[asked[message["of"]]] |= {"state": "valid" if message["valid"] else "wrong", "error": message.get("error")}
        if message["kind"] != "evaluate" and response.get("success") is False:
            state = "-" if message["kind"] == "define" and response.get("error") != ENDED else "failed"
            results[(message["kind"], "")] = {"state": state, "error": response.get("error")}
    for process in (tool_process, eval_process):
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    tool_process.wait()
    if eval_process.wait() and not results:
        results[("start", "")] = {"state": "failed", "error": "the eval failed"}
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("evals", nargs="+", metavar="EVAL[=OPTIONS]")
    parser.add_argument("--tool", action="append", required=True, metavar="NAME=COMMAND")
    parser.add_argument("--log")
    arguments = parser.parse_args()
    tools = dict(tool.split("=", 1) for tool in arguments.tool)
    log = open(arguments.log, "a") if arguments.log else None
    failed = False
    print("eval function input | " + " | ".join(tools))
    for each in arguments.evals:
        name, _, options = each.partition("=")
        results = {tool: run(arguments.folder, name, options, command) for tool, command in tools.items()}
        for key in dict.fromkeys(key for result in results.values() for key in result):
            label = f"{name} {' '.join(key)}"[:80]
            cells = []
            for tool in tools:
                result = results[tool].get(key, {"state": "-"})
                times = result.pop("times", [])
                if times:
                    result |= {"median": statistics.median(times), "mean": statistics.mean(times)}
                    result |= {"shortest": min(times), "runs": len(times)}
                shown = f"{result['median']:,.0f} ({len(times)})" if times else ""
                cells.append({"valid": shown, "unchecked": f"{shown} unchecked"}.get(result["state"], result["state"]))
                failed |= result["state"] in ("wrong", "failed")
                if result.get("error"):
                    print(f"{tool}, {label}: {result['error']}", file=sys.stderr)
                if log:
                    print(json.dumps({"eval": name, "function": key[0], "input": key[1], "tool": tool} | result), file=log, flush=True)
            print(f"{label} | " + " | ".join(cells), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
