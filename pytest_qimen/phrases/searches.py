"""Sentences about the search for failures of --qimen-fuzz."""

TEXTS = {
    "fuzz-counts": (
        "{requests} requests, {known} distinct failures known, {marks} marks covered",
        "{requests} 个请求，已知 {known} 个不同的失败，覆盖 {marks} 个标记",
    ),
    "fuzz-after": (
        "{requests} more requests, to take back what was created",
        "另有 {requests} 个请求用于撤销所创建的数据",
    ),
    "fuzz-ended": ("ended: {reason}", "结束：{reason}"),
    "fuzz-worker-ended": ("worker {worker} ended: {reason}", "工作进程 {worker} 结束：{reason}"),
    "fuzz-seeds": ("seeds of the workers: {seeds}", "各工作进程的种子：{seeds}"),
    "fuzz-crashed": ("its process crashed", "其进程崩溃"),
    "interrupted": ("interrupted", "被中断"),
    "backed-off": ("backed off {times} times", "退避 {times} 次"),
    "fuzz-left-out": ("left out {method}: {reason}", "略过 {method}：{reason}"),
    "fuzz-seed": (
        "seed {seed}, run {run}, corpus {folder}",
        "种子 {seed}，第 {run} 次运行，语料目录 {folder}",
    ),
    "answers-vary": ("the same message is answered differently", "同一消息的应答不一致"),
    "budget-spent": ("the budget is spent", "预算已用完"),
    "time-over": ("the time is over", "时间已到"),
    "nothing-left": ("there is nothing left to search", "没有可搜索的内容"),
    "endpoint-gone": ("the endpoint does not answer any more: {reason}", "端点不再应答：{reason}"),
    "keeps-answering": ("the endpoint keeps answering HTTP {status}", "端点持续返回 HTTP {status}"),
    "ended-so": ("{status}: {reason}", "{status}：{reason}"),
}
