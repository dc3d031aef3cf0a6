"""What `qimen verify` says of a certificate."""

TEXTS = {
    "certificate-unsigned": (
        "UNSIGNED: anyone can have written this; it proves nothing about who issued it",
        "未签名：任何人都可以写出这样的文件，它不能证明由谁签发",
    ),
    "certificate-signed": ("signed with Ed25519 key {key}", "由 Ed25519 公钥 {key} 签名"),
    "certificate-compare": (
        "signed with Ed25519 key {key}; compare it with the issuer's, or pass that as --key",
        "由 Ed25519 公钥 {key} 签名；请与签发者的公钥核对，或以 --key 指定",
    ),
    "certificate-valid": (
        "{target}: conformant, from {start} until {end}",
        "{target}：符合规范，有效期 {start} 至 {end}",
    ),
    "certificate-suite": (
        "suite {suite}, requirements {requirements}, keys began with {seed}, issued {issued}",
        "套件 {suite}，要求 {requirements}，键前缀 {seed}，签发于 {issued}",
    ),
    "certificate-counts": ("cases: {counts}", "用例：{counts}"),
    "scope-none": ("none", "无"),
    "scope-url": ("URL: {url}", "地址：{url}"),
    "scope-run": ("run: {started} to {ended}", "运行：{started} 至 {ended}"),
    "scope-level": ("judged from level {level} on", "判定级别：{level} 及以上"),
    "scope-roles": ("roles tested (methods of each): {roles}", "测试的角色（各含方法数）：{roles}"),
    "scope-methods": ("methods tested ({number}): {methods}", "测试的方法（{number} 个）：{methods}"),
    "scope-claimed": (
        "claimed by the target file: roles {roles}; methods {methods}",
        "目标文件声明：角色 {roles}；方法 {methods}",
    ),
    "scope-without": ("methods that it leaves out: {methods}", "排除的方法：{methods}"),
    "scope-left-out": ("left out, {number} cases: {reason}", "未测试，{number} 个用例：{reason}"),
    "scope-limits": ("limits below the documents' own: {limits}", "低于文档的限制：{limits}"),
    "scope-pins": ("pinned fields: {names}", "固定的字段：{names}"),
    "scope-assigns": ("ids that the endpoint gives out: {names}", "由对方分配的 id：{names}"),
    "scope-wire": (
        "parameter v {version}; method prefixed with taobao.qimen. for roles: {roles}",
        "参数 v 为 {version}；方法名带 taobao.qimen. 前缀的角色：{roles}",
    ),
    "scope-not-testable": (
        "musts that nobody can test from outside ({number}): {names}",
        "无法从外部测试的必须项（{number} 条）：{names}",
    ),
}
