namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Puts together the ids of one vulnerability: aliases are symmetric and transitive (https://ossf.github.io/osv-schema/#aliases-field).
/// Only records of language ecosystems are joined: a distribution's advisory may name several vulnerabilities at once. Nothing is joined
/// through a CVE that was rejected: its number was given to what is no vulnerability, or twice to one.
/// </summary>
/// <param name="ids">The numbers of ids.</param>
/// <param name="isRejected">Whether an id is a CVE that was rejected.</param>
internal sealed class AliasGroups(NumberedTexts ids, Predicate<int> isRejected)
{
    // No vulnerability has more; a chain of wrong aliases must not outgrow a block of the snapshot.
    private const int MaxNames = 100;

    // Smaller groups are worked out each time they are asked for.
    private const int LargeGroup = 50;

    // The parent of an id and 1; 0 for one that no record has named.
    private readonly int[] _parents = new int[ids.Count];

    // Roots ascending, and beside each a member of its group.
    private int[] _roots = [];
    private int[] _members = [];
    private readonly Dictionary<int, AliasGroup> _largeGroups = [];

    public void Join(int id, ReadOnlySpan<int> aliases)
    {
        int root = RootOf(id);
        foreach (int alias in aliases)
        {
            if (!isRejected(alias))
            {
                _parents[RootOf(alias)] = root + 1;
            }
        }
    }

    /// <summary>Call it after the last <see cref="Join"/> and before the first <see cref="Of"/>.</summary>
    public void Close()
    {
        _members = [.. Enumerable.Range(0, _parents.Length).Where(id => _parents[id] != 0)];
        _roots = [.. _members.Select(RootOf)];
        Array.Sort(_roots, _members);
    }

    /// <summary>The group that an id is in: itself alone if no record has named it.</summary>
    public AliasGroup Of(int id)
    {
        int root = RootOf(id);
        if (_largeGroups.TryGetValue(root, out AliasGroup? known))
        {
            return known;
        }

        int first = Array.BinarySearch(_roots, root);
        if (first < 0)
        {
            return GroupOf([id]);
        }

        int end = first + 1;
        while (first > 0 && _roots[first - 1] == root)
        {
            first--;
        }

        while (end < _roots.Length && _roots[end] == root)
        {
            end++;
        }

        AliasGroup group = GroupOf(_members[first..end]);
        if (end - first > LargeGroup)
        {
            _largeGroups.Add(root, group);
        }

        return group;
    }

    private AliasGroup GroupOf(int[] members)
    {
        Array.Sort(members, Comparer<int>.Create(ids.Compare));
        int[] cves = [.. members.Where(member => IsCve(member) && !isRejected(member)).Take(MaxNames)];
        int[] others = [.. members.Where(member => !IsCve(member)).Take(MaxNames)];
        return new AliasGroup(cves.Length > 0 ? cves : [StandsFor(members)], others);
    }

    private int StandsFor(int[] members)
    {
        foreach (int member in members)
        {
            if (ids.BytesOf(member).StartsWith("GHSA-"u8))
            {
                return member;
            }
        }

        return members[0];
    }

    private bool IsCve(int id) => ids.BytesOf(id).StartsWith("CVE-"u8) && CveId.IsOne(ids.TextOf(id));

    private int RootOf(int id)
    {
        int root = id;
        while (_parents[root] != 0 && _parents[root] != root + 1)
        {
            root = _parents[root] - 1;
        }

        // Shortens the way for the next one who asks.
        for (int step = id; step != root;)
        {
            int next = _parents[step] - 1;
            _parents[step] = root + 1;
            step = next;
        }

        _parents[root] = root + 1;
        return root;
    }
}

/// <summary>The ids of one vulnerability, by number.</summary>
/// <param name="Names">Its CVEs; without any, the one id that stands for it: GitHub's if there is one, else the first. Never empty.</param>
/// <param name="Others">All its ids but CVEs, ordered; at most a hundred.</param>
internal sealed record AliasGroup(IReadOnlyList<int> Names, IReadOnlyList<int> Others);
