"""What the JSON Schema of results.json says of its members: the ids are its English descriptions."""

TEXTS = {
    english: (english, chinese)
    for english, chinese in {
        "The verdict of a run and how every case ended": "一次运行的结论，以及每个用例的结果",
        "rises when a member is removed or changes its meaning": "删除成员或改变其含义时加一",
        "incomplete: nothing is red, but a must was not tested": "incomplete：没有不合格，但有 must 未测试",
        "What judged": "作出评判的套件",
        "of pytest-qimen": "pytest-qimen 的版本",
        "of the case files": "用例文件的摘要",
        "what was judged: caller where the suite listened": "评判对象；套件作为接收方监听时为 caller",
        "the name of the target, or its URL": "测试对象的名称，或其 URL",
        "from which level on a broken requirement is red": "从哪个级别起，违反要求算不合格",
        "with which every business key of the run begins; several of a merged run, by +": (
            "本次运行所有业务单号的前缀；合并的运行有多个，以 + 连接"
        ),
        "in China time with its offset": "中国时间，带时区",
        "null where the run broke off": "运行中断时为 null",
        "Cases by status": "各状态的用例数",
        "cases": "用例数",
        "Every case, by id": "全部用例，按 id 排列",
        "How a case ended": "用例的结果",
        "a path that never changes its meaning": "路径形式，含义永不改变",
        "as the documents name it": "文档中的接口名",
        "who answers the method": "应答该接口的一方",
        "of the requirement that the case tests": "用例所测要求的级别",
        "the kind of requirement: length, signature, flow …": "要求的种类：length、signature、flow 等",
        "Ids of requirements": "要求的 id",
        "why it is blocked, untested, waived, stale, unsupported or an error; a case id, or words": (
            "受阻、未测、豁免、过期、排除或错误的原因：用例 id 或文字"
        ),
        "What was found, evidence and all": "发现的问题及证据",
        "sent for this case": "为此用例发送的请求数",
        "that the case took": "用例用时（秒）",
        "A requirement that is broken, or observed": "被违反的或被记录的要求",
        "a dotted name such as envelope.flag": "检查的名称，如 envelope.flag",
        "the place in the answer or the request; empty for the whole": "应答或请求中的位置；整体为空",
        "in words": "文字说明",
        "what came instead": "实际的内容",
        "document and section": "文档和章节",
        "the number of the request in the case": "用例中第几个请求",
        "what the verdict of a scenario rests on": "场景的结论依据什么",
        "Ids of the requirements that a scenario judged": "场景评判过的要求的 id",
        "What a person says of the system": "有人对系统作的声明",
        "A requirement that holds by a person's word": "凭某人的声明成立的要求",
        "its id": "要求的 id",
        "who": "声明人",
        "of what": "所见的内容",
    }.items()
}
