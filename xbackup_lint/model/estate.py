"""Everything that every file says, across accounts: what cross-file checks join over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.amount import Amount, amounts
from xbackup_lint.model.control_policy import ControlPolicy, Controls
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.key import Key
from xbackup_lint.model.mishap import Mishap
from xbackup_lint.model.naming import Name, names_of
from xbackup_lint.model.notification import Notices, Notification, VaultEvent
from xbackup_lint.model.organization import BackupPolicy, Membership
from xbackup_lint.model.organization_setting import OrganizationSetting
from xbackup_lint.model.plan import Copy, Lifecycle, Plan, Rule, VaultReference
from xbackup_lint.model.problem import Problem
from xbackup_lint.model.region_settings import RegionSettings
from xbackup_lint.model.role import IdentityPolicy, Role
from xbackup_lint.model.roles import Roles
from xbackup_lint.model.selection import Selection
from xbackup_lint.model.selections import Selections
from xbackup_lint.model.setting import Setting, settings
from xbackup_lint.model.share import Share
from xbackup_lint.model.statement import PolicyStatement, StatementPrincipal
from xbackup_lint.model.vault import Vault
from xbackup_lint.model.vault_names import Owner, VaultNames, owner
from xbackup_lint.text.source import Span
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """All vaults of an account in one region, as `list-backup-vaults` prints them, or in every region."""

    deployment: Deployment
    span: Span
    """The name of the list."""
    everywhere: bool = False
    """Whether it holds for every region: the configuration says that the account is `complete`."""

    def covers(self, region: Text) -> Verdict:
        """Whether it lists the vaults of a region."""
        return YES if self.everywhere else self.deployment.is_region(region)


@dataclass(eq=False)
class Estate:
    """The nouns of all files, in the order in which they were read."""

    deployments: list[Deployment] = field(default_factory=list)
    vaults: list[Vault] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    selections: list[Selection] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    statements: list[PolicyStatement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    backup_policies: list[BackupPolicy] = field(default_factory=list)
    """Organizations backup policies, of which plans are made when all inputs are read."""
    judged: dict[Copy, object] = field(default_factory=dict)
    """What became of copies, kept for all that ask: see `requirements.judged`."""
    organization: str | None = None
    """The id of the organization that all accounts are in, where the configuration or a document tells it."""
    units: dict[str, str] = field(default_factory=dict)
    """Where accounts stand in it: `r-…/ou-…/` by account, as far as the configuration tells."""
    trusted_key_accounts: frozenset[str] = frozenset()
    """Accounts that the configuration names as keepers of keys."""
    identity_policies: list[IdentityPolicy] = field(default_factory=list)
    """Policies that are attached to roles and do not stand in them."""
    region_settings: list[RegionSettings] = field(default_factory=list)
    control_policies: list[ControlPolicy] = field(default_factory=list)
    """Service and resource control policies of the organization."""
    organization_settings: list[OrganizationSetting] = field(default_factory=list)
    members: frozenset[str] = frozenset()
    """The accounts that the configuration, or a listing, has in the organization, by id."""
    shares: list[Share] = field(default_factory=list)
    notices: Notices = field(default_factory=Notices)
    """Who hears of what happens in vaults."""
    memberships: list[Membership] = field(default_factory=list)
    """What was printed of the organization, before it is put into `organization` and `members`."""
    mishaps: list[Mishap] = field(default_factory=list)
    """Faults of this program: what was worked on then is not checked."""

    @cached_property
    def amounts(self) -> list[Amount]:
        """How many there are of what AWS Backup has a quota for."""
        return list(amounts(self.plans, self.rules, self.copies, self.selections))

    @cached_property
    def names(self) -> list[Name]:
        """The names of plans, rules and selections."""
        return list(names_of(self.plans, self.rules, self.selections))

    @cached_property
    def settings(self) -> list[Setting]:
        """The settings of plans and rules of which AWS Backup knows a few values only."""
        return list(settings(self.plans, self.rules))

    @property
    def notifications(self) -> list[Notification]:
        """What vaults are to tell topics."""
        return self.notices.notifications

    @property
    def vault_events(self) -> list[VaultEvent]:
        """The events that vaults are to tell."""
        return self.notices.events

    @cached_property
    def controls(self) -> Controls:
        """The service control policies, to be asked for by account."""
        return Controls(self.control_policies, self.units)

    @cached_property
    def known_roles(self) -> Roles:
        """The roles, to be searched by ARN, and what their policies say."""
        return Roles(self.roles, self.identity_policies, self.selections)

    @cached_property
    def principals(self) -> list[StatementPrincipal]:
        """Every principal of every vault, key and unattached policy."""
        return [
            StatementPrincipal(principal, statement.policy_kind)
            for statement in self.statements
            for principal in (*statement.statement.principals, *statement.statement.not_principals)
        ]

    @cached_property
    def lifecycles(self) -> list[Lifecycle]:
        """The lifecycles of rules and of copies."""
        own = [rule.lifecycle for rule in self.rules]
        return own + [copy.lifecycle for copy in self.copies if copy.lifecycle is not None]

    @cached_property
    def rules_of(self) -> dict[Plan, list[Rule]]:
        """The rules of each plan that has some."""
        index: dict[Plan, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            index[rule.plan].append(rule)
        return dict(index)

    @cached_property
    def copies_of(self) -> dict[Rule, list[Copy]]:
        """The copies of each rule that makes some."""
        index: dict[Rule, list[Copy]] = defaultdict(list)
        for copy in self.copies:
            index[copy.rule].append(copy)
        return dict(index)

    @cached_property
    def vaults_by_place(self) -> dict[Span | None, list[Vault]]:
        """Vaults by where they are declared, in however many stacks."""
        index: dict[Span | None, list[Vault]] = defaultdict(list)
        for vault in self.vaults:
            index[vault.span].append(vault)
        return dict(index)

    @cached_property
    def vault_references(self) -> list[VaultReference]:
        """Every ARN by which a plan names a vault."""
        return [*self._targets(), *self._destinations()]

    def _targets(self) -> Iterator[VaultReference]:
        for rule in self.rules:
            for guard, target in rule.target_vault:
                if target is not None and target.starts_with("arn:"):
                    yield VaultReference(rule.deployment, target, True, guard)

    def _destinations(self) -> Iterator[VaultReference]:
        for copy in self.copies:
            for guard, arn in copy.destination_arn:
                if arn is not None:
                    yield VaultReference(copy.deployment, arn, False, guard)

    @cached_property
    def _vaults_by_name(self) -> dict[str, list[Vault]]:
        index: dict[str, list[Vault]] = defaultdict(list)
        for vault in self.vaults:
            for name in vault.names:
                index[name].append(vault)
        return dict(index)

    @cached_property
    def vault_names(self) -> VaultNames:
        """The vaults, to be searched by name."""
        return VaultNames(self.vaults)

    @cached_property
    def _listings_by_account(self) -> dict[Owner | None, list[Listing]]:
        index: dict[Owner | None, list[Listing]] = defaultdict(list)
        for listing in self.listings:
            index[owner(listing.deployment.account)].append(listing)
        return dict(index)

    def listings_of(self, account: Text) -> list[Listing]:
        """The listings that are certainly of an account."""
        key = owner(account)
        return self._listings_by_account.get(key, []) if key is not None else []

    def only_vault_named(self, name: str) -> Vault | None:
        """The one vault that the files declare by this name; None where there is none, or several."""
        return self._only_vaults.get(name)

    @cached_property
    def _only_vaults(self) -> dict[str, Vault]:
        """Vaults by name, of the names that one place alone declares, in however many stacks."""
        index = self._vaults_by_name
        return {name: found[0] for name, found in index.items() if len({vault.span for vault in found}) == 1}

    @cached_property
    def _keys_by_arn(self) -> dict[tuple[str | Hole, ...], list[Key]]:
        index: dict[tuple[str | Hole, ...], list[Key]] = defaultdict(list)
        for key in self.keys:
            index[key.arn.identity].append(key)
        # Of a key that the AWS CLI describes too, what shows its policy comes first.
        return {arn: sorted(keys, key=lambda key: not key.shows_policy) for arn, keys in index.items()}

    def keys_named(self, arn: Text) -> list[Key]:
        """The keys that an ARN certainly names."""
        return self._keys_by_arn.get(arn.identity, [])

    @cached_property
    def _vaults_by_key(self) -> dict[tuple[str | Hole, ...], list[Vault]]:
        index: dict[tuple[str | Hole, ...], list[Vault]] = defaultdict(list)
        for vault in self.vaults:
            for arn in vault.encryption_key.values:
                if arn is not None:
                    index[arn.identity].append(vault)
        return dict(index)

    def vaults_with(self, key: Key) -> list[Vault]:
        """The vaults that are, or under some condition are, encrypted with a key."""
        return self._vaults_by_key.get(key.arn.identity, [])

    @cached_property
    def _keys_by_id(self) -> dict[tuple[str | Hole, ...], list[Key]]:
        index: dict[tuple[str | Hole, ...], list[Key]] = defaultdict(list)
        for key in self.keys:
            fields = key.arn.split("/", 1, trusting=True) or []
            index[fields[-1].identity].append(key)
        return dict(index)

    def key_meant(self, name: Text, here: Deployment) -> Key | None:
        """The key that an ARN, or in some account and region an id, certainly names."""
        by_id = self._keys_by_id.get(name.identity, [])
        named = [key for key in by_id if key.deployment.is_account(here.account) is YES]
        return next(iter([*self.keys_named(name), *named]), None)

    @cached_property
    def selected(self) -> Selections:
        """The selections, to be asked for."""
        return Selections(self.selections, self.rules, self.region_settings)

    def selections_of(self, account: Text) -> list[Selection]:
        """The selections that are certainly of an account."""
        return self.selected.of_account(account)

    def selections_for(self, plan: Plan) -> list[Selection]:
        """The selections of a plan."""
        return self.selected.of_plan(plan)

    def vaults_named(self, name: str) -> list[Vault]:
        """The vaults that have, or under some condition have, this name."""
        return self._vaults_by_name.get(name, [])

    @cached_property
    def vaults_by_account(self) -> dict[str, list[Vault]]:
        """Vaults by account, of those whose account is known."""
        index: dict[str, list[Vault]] = defaultdict(list)
        for vault in self.vaults:
            if vault.account.known is not None:
                index[vault.account.known].append(vault)
        return dict(index)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """The accounts that the files describe, by id; those that are symbols not among them."""
        known = (deployment.account.known for deployment in self.deployments)
        return frozenset(account for account in known if account is not None)

    @cached_property
    def symbolic_accounts(self) -> int:
        """Accounts that are only symbols: of stacks that declare vaults, plans, keys or policies."""
        nouns: tuple[Vault | Plan | Key | PolicyStatement, ...] = (
            *self.vaults,
            *self.plans,
            *self.keys,
            *(one for one in self.statements if one.policy_kind != "service-control"),
        )
        accounts = (noun.deployment.account for noun in nouns)
        return len({account.parts for account in accounts if account.known is None})
