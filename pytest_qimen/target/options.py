"""The options of pytest, for its parser, its help and its ini file.

Read by every pytest run, so it imports nothing.
"""

# name, kind, help; kind is flag, text, port (text, 0 where no value follows)
# or several (a comma-separated list that may be given more than once)
GROUP = "conformance of Qimen and TOP endpoints"
OPTIONS = (
    (
        "qimen",
        "flag",
        "run the bundled conformance suite, against the embedded endpoint unless a URL is given",
    ),
    ("qimen-url", "text", "the endpoint to test"),
    ("qimen-target", "text", "a TOML file about the endpoint (URL, roles, master data, known failures)"),
    (
        "qimen-listen",
        "text",
        "certify what a system sends: play the scenarios of callers at this port (0: any)",
    ),
    ("qimen-attended", "flag", "with --qimen-listen: a person is there, who is asked on the live page"),
    ("qimen-live", "port", "follow the run on a page that only this machine sees; --qimen-live=PORT chooses"),
    ("qimen-role", "several", "only these roles: wms, erp, store, wdk"),
    ("qimen-method", "several", "only methods that match one of these globs, such as 'deliveryorder.*'"),
    ("qimen-level", "text", "from which level on a broken requirement is red: must (default), should, may"),
    ("qimen-examples", "text", "so many drawn messages for each property (10)"),
    ("qimen-seed", "text", "the seed of drawn messages (0)"),
    ("qimen-rate", "text", "at most so many requests a second over all workers: 50/s"),
    (
        "qimen-connections",
        "text",
        "so many cases at a time, in each worker of -n (1, at the embedded endpoint 3)",
    ),
    ("qimen-shard", "text", "only the third of ten parts of the cases: 3/10"),
    ("qimen-fuzz", "text", "search for new failures for a time such as 30m, or with so many requests: 50000"),
    ("qimen-corpus", "text", "the folder that keeps what fuzzing draws, covers and finds (.qimen-fuzz)"),
    ("qimen-database", "text", "the folder, or redis://host:6379/0, that several fuzzers share examples in"),
    ("qimen-yes", "flag", "yes, fuzz this public host, which no target file names"),
    ("qimen-readonly", "flag", "call only methods that change nothing"),
    (
        "qimen-canary",
        "text",
        "the HOST:PORT under which the endpoint reaches this machine, where attacks must lead nobody; or off",
    ),
    ("qimen-report", "text", "write events.jsonl, results.json and report.html into this folder"),
    (
        "qimen-har",
        "text",
        "write the recorded exchanges, those of cases that are not simply good, into this file",
    ),
    (
        "qimen-postman",
        "text",
        "write a Postman collection of each method's smallest message, which signs, into this file",
    ),
    (
        "qimen-new-only",
        "text",
        "exit red only for what this earlier run (its folder or results.json) does not show as red already",
    ),
    (
        "qimen-mask-personal",
        "flag",
        "no names, phones, addresses or identity numbers in anything but events.jsonl, which stays private",
    ),
    ("qimen-lang", "text", "the language of findings and of the terminal: en (default) or zh"),
)
