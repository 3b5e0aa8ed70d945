namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Puts together the ids of one vulnerability: aliases are symmetric and transitive (https://ossf.github.io/osv-schema/#aliases-field).
/// Only records of language ecosystems are joined: a distribution's advisory may name several vulnerabilities at once.
/// </summary>
internal sealed class AliasGroups
{
    // No vulnerability has more; a chain of wrong aliases must not outgrow a block of the snapshot.
    private const int MaxCves = 100;

    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);
    private Dictionary<string, List<string>>? _members;

    public void Join(string id, IEnumerable<string> aliases)
    {
        string root = RootOf(id);
        foreach (string alias in aliases)
        {
            _parents[RootOf(alias)] = root;
        }

        _members = null;
    }

    /// <summary>All ids of the group an id is in but CVEs, ordered; at most a hundred.</summary>
    public IReadOnlyList<string> OtherIdsOf(string id) => [.. GroupOf(id).Where(member => !CveId.IsOne(member)).Take(MaxCves)];

    /// <summary>The CVEs of the group an id is in; without any, the one id that stands for the group: GitHub's if there is one, else the first.</summary>
    public IReadOnlyList<string> NamesOf(string id)
    {
        var group = GroupOf(id);
        List<string> cves = [.. group.Where(CveId.IsOne).Take(MaxCves)];
        return cves.Count > 0 ? cves : [group.Find(member => member.StartsWith("GHSA-", StringComparison.Ordinal)) ?? group[0]];
    }

    private List<string> GroupOf(string id)
    {
        _members ??= _parents.Keys.ToArray().GroupBy(RootOf, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Order(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        return _members[RootOf(id)];
    }

    private string RootOf(string id)
    {
        string root = id;
        while (_parents.TryGetValue(root, out string? parent) && parent != root)
        {
            root = parent;
        }

        // Shortens the way for the next one who asks.
        for (string step = id; step != root;)
        {
            string next = _parents[step];
            _parents[step] = root;
            step = next;
        }

        _parents[root] = root;
        return root;
    }
}
