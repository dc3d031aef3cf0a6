"""Sentences about files of scenarios, and about runs that play them."""

TEXTS = {
    "no-scenario": (
        "no scenario {identity!r}{near}",
        "没有场景 {identity!r}{near}",
    ),
    "scenarios-many": (
        "expected at most {most_scenarios}, got {found}",
        "应至多 {most_scenarios} 个，实际为 {found}",
    ),
    "no-method-fits-near": (
        "no method fits {glob!r}{near}",
        "没有方法符合 {glob!r}{near}",
    ),
    "beats-count": (
        "expected 1 to {most_beats} steps, got {rows}",
        "应为 1 到 {most_beats} 步，实际为 {rows}",
    ),
    "empty-observes": (
        "is empty, and so is observes",
        "为空，observes 也为空",
    ),
    "no-wait": (
        "no step waits for a call",
        "没有步骤等待调用",
    ),
    "want-one-kind": (
        "expected one of {kinds}, got {got}",
        "应为 {kinds} 之一，实际为 {got}",
    ),
    "want-true": (
        "expected true",
        "应为 true",
    ),
    "each-list": (
        "@each needs a list `each`",
        "@each 需要列表 `each`",
    ),
    "want-window": (
        "expected {windows} or seconds as in 30s, got {text!r}",
        "应为 {windows}，或秒数如 30s，实际为 {text!r}",
    ),
    "name-unknown": (
        "nothing is called {value!r} before",
        "在此之前没有名为 {value!r} 的值",
    ),
    "one-twice": (
        "{one} stands twice",
        "{one} 出现两次",
    ),
    "unknown-requirement": (
        "unknown requirement {name!r}",
        "未知的要求 {name!r}",
    ),
    "want-new": (
        "expected @new, got {text!r}",
        "应为 @new，实际为 {text!r}",
    ),
    "why-name": (
        "{why} {name}",
        "{why} {name}",
    ),
    "no-method-fits": (
        "no method fits {glob!r}",
        "没有方法符合 {glob!r}",
    ),
    "want-outcome": (
        "expected one of {outcomes}, got {word!r}",
        "应为 {outcomes} 之一，实际为 {word!r}",
    ),
    "want-beside-one": (
        "wants one of {legal} beside it, got {kinds}",
        "旁边应有 {legal} 之一，实际为 {kinds}",
    ),
    "want-same": (
        "expected one of {same}, got {value!r}",
        "应为 {same} 之一，实际为 {value!r}",
    ),
    "listen-keys-needed": (
        "--qimen-listen: needs app key and secret: whose calls are to be judged",
        "--qimen-listen：需要 app key 和密钥：要评判谁的调用",
    ),
    "listen-behind": (
        "--qimen-listen: the judge is behind by {lag} calls",
        "--qimen-listen：评判落后 {lag} 次调用",
    ),
    "play-only-lost": (
        "only what was lost comes again",
        "只重发丢失的报文",
    ),
    "play-came-again-too": (
        "{place} came again although it had been answered",
        "{place} 已有应答，却又来了一次",
    ),
}
