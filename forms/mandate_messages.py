"""What people read when something about standing in for a merchant is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MANDATE_MESSAGES = {
    "entry_other_person": _l(
        "이 사업자등록번호로 등록된 대표자와 적으신 이름이나 생년월일이 다릅니다. 신분증을 보고 다시 적어 주세요. "
        "신분증대로 적었는데도 다르면 입력하지 말고 사업 담당자에게 알려 주세요. 처음 입력할 때 잘못 적은 것이면, "
        "다른 담당자가 그 입력을 ‘이름이나 생년월일이 틀림’으로 반려한 뒤에 바르게 다시 입력할 수 있습니다."
    ),
    "entry_corrected_by_judge": _l(
        "이름이나 생년월일이 틀렸다고 반려한 사람은 바른 것을 대신 입력할 수 없습니다. 다른 담당자가 입력합니다."
    ),
    "entry_overtaken": _l(
        "이 사업장의 이름이나 생년월일이 그사이 다른 동의서로 확인되었습니다. 이 입력은 반려하고 다시 입력해 주세요."
    ),
    "consent_names_none": _l("동의서에 적힌 사업을 하나 이상 골라 주세요."),
    "consent_other_programme": _l(
        "동의서에 이 사업이 적혀 있지 않습니다. ‘%(value)s’에 신청하려면 그 사업의 동의서를 새로 받아 입력해 주세요."
    ),
    "entry_keeps_record": _l(
        "대리 입력으로는 등록된 사업장 정보를 고칠 수 없습니다. "
        "새 동의서로 다시 입력하면 다른 담당자가 확인한 뒤 바뀝니다."
    ),
    "entry_own": _l("대신 입력한 사람은 확인할 수 없습니다. 다른 담당자가 동의서를 보고 확인합니다."),
    "entry_waits": _l(
        "대리 입력 동의서를 아직 다른 담당자가 확인하지 않았습니다. 상인회가 낸 신청이면 서명한 연명부입니다. "
        "확인한 뒤에 결정할 수 있습니다."
    ),
    "entry_refused": _l(
        "대리 입력 동의서나 상인회의 연명부가 확인되지 않았습니다. 창구에서 새 동의서를 받아 다시 입력해야 결정할 수 "
        "있습니다. 불선정은 할 수 있습니다."
    ),
    "account_unseen": _l("%(value)s: 이 계좌를 동의서와 통장 사본에 맞춰 본 담당자가 없어 지급하지 않습니다."),
    "stands_in": _l("이 신청을 대신 입력했거나 이 사업장의 대리인인 사람은 검토하거나 결정할 수 없습니다."),
    "mandate_exists": _l("이 사업장에는 이미 같은 사람의 위임이나 동의가 있습니다. 그것으로 이어서 하시면 됩니다."),
    "mandate_until": _l("끝나는 날은 오늘부터 %(value)s년 안의 날짜여야 합니다."),
    "mandate_not_passed_on": _l("대리인은 다른 대리인을 정하거나 위임을 끝낼 수 없습니다. 사업주가 직접 해야 합니다."),
    "mandate_one_business": _l("지금 대신하고 있는 사업장의 일만 할 수 있습니다."),
    "agent_unknown": _l("이 아이디로 가입한 사람이 없습니다. 대리인이 먼저 이음에 가입해야 합니다."),
    "agent_is_owner": _l("본인을 대리인으로 정할 수는 없습니다."),
    "account_owner_only": _l("입금 계좌는 사업주만 바꿀 수 있습니다. 대리인은 바꿀 수 없습니다."),
    "merchant_has_account": _l(
        "이 사업자는 이미 본인 계정이 있습니다. 본인이 로그인하거나 대리인을 정하도록 안내해 주세요."
    ),
    "activation_refused": _l("코드나 사업자등록번호가 맞지 않거나, 이미 썼거나, 기한이 지난 코드입니다."),
    "representative_exists": _l("이미 적힌 대표자입니다."),
    "representatives_too_many": _l("공동대표는 %(value)s명까지 적을 수 있습니다."),
    "signature_missing": _l("공동대표 가운데 누가 서명했는지 표시해 주세요."),
}
