"""Sentences about signatures, certificates and earlier runs that cannot be used as they are."""

TEXTS = {
    "sign-params": ("sign: the parameters", "sign：参数"),
    "replay-folder": (
        "replay: {what} is a folder: name a case or a case file, and the folder of a run behind --report",
        "replay：{what} 是目录：请给出用例或用例文件，运行的目录写在 --report 之后",
    ),
    "raw-signed": ("changes what was signed", "修改了已签名的内容"),
    "raw-hangs": ("hangs up, and that is not recorded", "会中途断开，而这没有录制"),
    "raw-leads": ("leads to an address of that run", "指向该次运行的地址"),
    "replay-draws": (
        "replay: {case} draws its messages; {known}",
        "replay：{case} 的报文是随机生成的；{known}",
    ),
    "kept-none": ("the run kept none of them", "该次运行没有保存"),
    "name-report": ("name the run that kept one with --report", "请用 --report 指定保存了报文的运行"),
    "raw-report": (
        "--raw: name the run that recorded the requests with --report",
        "--raw：请用 --report 指定录制了请求的那次运行",
    ),
    "replay-strange": (
        "--report: the recorded message of {case} calls {strange}; the case never does",
        "--report：录制的 {case} 报文调用 {strange}；该用例从不调用它",
    ),
    "raw-none": (
        "--raw: the run kept no requests of {case}: replay it without --raw",
        "--raw：该次运行没有保存 {case} 的请求：请不带 --raw 重放",
    ),
    "raw-some": (
        "--raw: the run kept only {kept} requests of {case}: replay it without --raw",
        "--raw：该次运行只保存了 {case} 的 {kept} 个请求：请不带 --raw 重放",
    ),
    "report-no-events": (
        "--report: {path} holds no events.jsonl",
        "--report：{path} 中没有 events.jsonl",
    ),
    "report-unreadable": (
        "--report: the recorded message of {case} cannot be read",
        "--report：录制的 {case} 报文无法读取",
    ),
    "report-no-case": (
        "--report: the run has no case {case!r}",
        "--report：该次运行没有用例 {case!r}",
    ),
    "report-login": (
        "--report: the login in the run's URL is not recorded; give the whole --url",
        "--report：URL 中的登录信息没有录制；请给出完整的 --url",
    ),
    "report-stranger": (
        "--report: the run was of {was}; signed requests go only where you say: give --url or --target",
        "--report：该次运行的对象是 {was}；签名请求只发往您指定的地址：请给出 --url 或 --target",
    ),
    "raw-elsewhere": (
        "--raw: a recorded request went elsewhere than its run",
        "--raw：录制的请求发往了该次运行以外的地址",
    ),
    "raw-not": (
        "--raw: {case} {why}: replay it without --raw",
        "--raw：{case} {why}：请不带 --raw 重放",
    ),
    "raw-differs": (
        "--raw: the recorded {what} is not the case's: {value!r}",
        "--raw：录制的 {what} 与用例不符：{value!r}",
    ),
    "sign-nothing": (
        "sign: URL | QUERY | NAME=VALUE is needed (- reads it from standard input), or --curl ID with --url "
        "or --target",
        "sign：需要 URL、查询串或 NAME=VALUE（- 从标准输入读取）；或者 --curl ID 加 --url 或 --target",
    ),
    "sign-no-secret": (
        "sign: the environment has no QIMEN_SECRET",
        "sign：环境变量 QIMEN_SECRET 未设置",
    ),
    "sign-alone": (
        "sign: --sign belongs to --diagnose",
        "sign：--sign 只与 --diagnose 一起使用",
    ),
    "sign-which": (
        "sign: --diagnose needs the sign that was sent: in the URL, or as --sign",
        "sign：--diagnose 需要实际发送的 sign：在 URL 中，或用 --sign 给出",
    ),
    "sign-curl-where": (
        "sign: --curl needs the endpoint: --url or --target",
        "sign：--curl 需要端点：--url 或 --target",
    ),
    "sign-draws": (
        "sign: {identity} draws its messages: `qimen replay` sends a recorded one",
        "sign：{identity} 的报文是随机生成的：用 `qimen replay` 发送录制的报文",
    ),
    "sign-unprepared": (
        "sign: {identity} cannot be prepared: {reason}",
        "sign：{identity} 无法准备：{reason}",
    ),
    "sign-both-stdin": (
        "sign: standard input holds either the parameters or the body: one of both is a file",
        "sign：标准输入要么是参数，要么是报文：其中之一请用文件",
    ),
    "sign-doubled": (
        "sign: given more than once: {doubled}",
        "sign：重复给出：{doubled}",
    ),
    "sign-missing": (
        "sign: missing: {missing} (a URL in a shell needs quotes around it)",
        "sign：缺少 {missing}（在 shell 中 URL 要加引号）",
    ),
    "sign-md5-only": (
        "sign: sign_method is {sign_method!r}: Qimen knows md5 only",
        "sign：sign_method 为 {sign_method!r}：奇门只支持 md5",
    ),
    "sign-method-legal": (
        "sign: sign_method is {sign_method!r}: expected one of {legal}",
        "sign：sign_method 为 {sign_method!r}：应为 {legal} 之一",
    ),
    "sign-expected": (
        "sign: expected a URL, its query, NAME=VALUE …, or - for standard input",
        "sign：应为 URL、其查询串、NAME=VALUE …，或用 - 读取标准输入",
    ),
    "sign-no-utf8": (
        "sign: {word!r} is not in UTF-8",
        "sign：{word!r} 不是 UTF-8",
    ),
    "sign-url-alone": (
        "sign: a URL is given alone, in quotes: {word!r}",
        "sign：URL 要单独给出，并加引号：{word!r}",
    ),
    "sign-no-pair": (
        "sign: expected NAME=VALUE, a query or a URL, got {word!r}",
        "sign：应为 NAME=VALUE、查询串或 URL，实际为 {word!r}",
    ),
    "sign-query-alone": (
        "sign: a query is given alone, in quotes: {word!r}",
        "sign：查询串要单独给出，并加引号：{word!r}",
    ),
    "sign-encoded": (
        "sign: {name} is URL-encoded: give it raw, or give the whole query, which is decoded",
        "sign：{name} 经过了 URL 编码：请给原值，或给整个查询串（会自动解码）",
    ),
    "sign-large": (
        "sign: {name}: more than {limit} MB",
        "sign：{name}：超过 {limit} MB",
    ),
    "sign-no-query": (
        "sign: this URL has no query: {url!r}",
        "sign：此 URL 没有查询串：{url!r}",
    ),
    "sign-params-utf8": (
        "sign: the parameters are not in UTF-8: encode them anew, GBK gives another signature",
        "sign：参数不是 UTF-8：请按 UTF-8 重新编码，GBK 的签名不同",
    ),
    "certificate-days": (
        "certificate: expected at least one day, got {days}",
        "certificate：至少一天，实际为 {days}",
    ),
    "certificate-refused": (
        "certificate refused: {reasons:semicolon}",
        "不能签发证书：{reasons:semicolon}",
    ),
    "certificate-old": (
        "certificate refused: the run ended {ended}, more than {days} days ago",
        "不能签发证书：运行结束于 {ended}，已超过 {days} 天",
    ),
    "certificate-expired": (
        "the certificate expired on {expires}",
        "证书已于 {expires} 过期",
    ),
    "signature-missing": (
        "is missing, and --key asks for one",
        "缺失，而 --key 要求有签名",
    ),
    "curl-no-utf8": (
        "sign: the body is no UTF-8: `qimen replay` sends it",
        "sign：报文不是 UTF-8：请用 `qimen replay` 发送",
    ),
    "key-no-ed25519": (
        "--key: {file} holds no Ed25519 key; openssl genpkey -algorithm ed25519 makes one",
        "--key：{file} 中没有 Ed25519 密钥；可用 openssl genpkey -algorithm ed25519 生成",
    ),
    "key-other": (
        "is by another key than {file}",
        "是 {file} 以外的密钥签的",
    ),
    "key-no-public": (
        "--key: {file} holds no Ed25519 key",
        "--key：{file} 中没有 Ed25519 密钥",
    ),
    "sign-needs": (
        "signatures need cryptography: pip install 'pytest-qimen[sign]'",
        "签名需要 cryptography：pip install 'pytest-qimen[sign]'",
    ),
    "key-no-private": (
        "--key: {file} is no PEM file with an unencrypted private key",
        "--key：{file} 不是含未加密私钥的 PEM 文件",
    ),
    "signature-parts": (
        "expected algorithm, key and value of {algorithm}",
        "应有 {algorithm} 的 algorithm、key 和 value",
    ),
    "signature-unfit": (
        "does not fit: changed after it was signed",
        "不符：签名之后被修改过",
    ),
    "key-no-pem": (
        "--key: {file} is no PEM file with a public key",
        "--key：{file} 不是含公钥的 PEM 文件",
    ),
    "report-locked": (
        "{option}: another run writes into {folder}: wait until it ends, or name another",
        "{option}：另一次运行正在写入 {folder}：请等它结束，或换一个目录",
    ),
    "report-nothing": (
        "report: expected at least one folder with an events.jsonl",
        "report：至少需要一个含 events.jsonl 的目录",
    ),
    "report-form": (
        "report: unknown form {unknown!r}; expected some of {forms}",
        "report：未知的形式 {unknown!r}；应为 {forms} 中的若干个",
    ),
    "redis-needs": (
        "--qimen-database: redis:// needs the package redis: pip install pytest-qimen[redis]",
        "--qimen-database：redis:// 需要 redis 包：pip install pytest-qimen[redis]",
    ),
}
