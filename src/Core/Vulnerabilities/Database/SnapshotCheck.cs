using System.Collections;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// What reading the whole of a snapshot finds, where opening it has only held its bytes against its sha256: every package, statement, advisory,
/// CVE and repository, and whether they fit each other and the description.
/// </summary>
public sealed record SnapshotCheck
{
    private const int MaxProblems = 100;

    public int Packages { get; private init; }

    /// <summary>Statements of an advisory about a package.</summary>
    public int Postings { get; private init; }

    public int Advisories { get; private init; }

    public int Cves { get; private init; }

    public int Repositories { get; private init; }

    public int ReleaseEnds { get; private init; }

    /// <summary>What is wrong, the first hundred; empty if nothing is.</summary>
    public IReadOnlyList<string> Problems { get; private init; } = [];

    public bool IsSound => Problems.Count == 0;

    /// <summary>Reads the whole of an open snapshot; some seconds for a large one.</summary>
    public static SnapshotCheck Of(AdvisoryDatabase database)
    {
        AdvisoryLookup lookup = database.Lookup();
        var problems = new List<string>();
        var stated = new BitArray(0);
        var ecosystems = new Dictionary<string, int>(StringComparer.Ordinal);
        (int packages, int postings, int advisories, int cves, int repositories) = (0, 0, 0, 0, 0);
        Try(problems, () =>
        {
            string last = "";
            foreach (var (key, said) in lookup.Packages())
            {
                packages++;
                postings += said.Count;
                CheckPackage(key, last, said, problems);
                last = key;
                string ecosystem = key.Split('\0')[0];
                ecosystems[ecosystem] = ecosystems.GetValueOrDefault(ecosystem) + 1;
                Mark(ref stated, said);
            }
        });
        Try(problems, () =>
        {
            foreach (var (number, _) in lookup.Advisories())
            {
                advisories++;
                if (number >= stated.Length || !stated[number])
                {
                    Add(problems, $"Advisory {number} is about no package.");
                }
                else
                {
                    stated[number] = false;
                }
            }

            for (int number = 0; number < stated.Length; number++)
            {
                if (stated[number])
                {
                    Add(problems, $"Advisory {number} is named but not there.");
                }
            }
        });
        Try(problems, () => cves = lookup.Cves().Count());
        Try(problems, () => repositories = lookup.Repositories().Count());
        SnapshotDescription description = database.Description;
        Compare("packages", packages, description.Packages, problems);
        Compare("advisories", advisories, description.Advisories, problems);
        Compare("CVEs", cves, description.Cves, problems);
        foreach (string ecosystem in description.Ecosystems.Select(count => count.Ecosystem).Order(StringComparer.Ordinal)
            .Except(ecosystems.Keys, StringComparer.Ordinal))
        {
            Add(problems, $"Its description names {ecosystem}, of which it has no package.");
        }

        foreach (string ecosystem in ecosystems.Keys.Where(ecosystem => !database.Covers(ecosystem)).Order(StringComparer.Ordinal))
        {
            Add(problems, $"Its description does not name {ecosystem}, of which it has packages.");
        }

        return new SnapshotCheck
        {
            Packages = packages,
            Postings = postings,
            Advisories = advisories,
            Cves = cves,
            Repositories = repositories,
            ReleaseEnds = database.ReleaseEnds.Count,
            Problems = problems,
        };
    }

    private static void CheckPackage(string key, string last, IReadOnlyList<Posting> postings, List<string> problems)
    {
        string[] parts = key.Split('\0');
        if (parts.Length != 2 || SnapshotFormat.KeyOf(OsvEcosystem.Parse(parts[0]), parts[1]) != key)
        {
            Add(problems, $"{Shown(key)} is no package as it would be looked up.");
        }

        if (key == last)
        {
            Add(problems, $"{Shown(key)} is there twice.");
        }

        if (postings.Count == 0 || postings.Any(posting => posting.Ranges.Count + posting.Versions.Count == 0 && posting.Status != AdvisoryStatus.NotAffected))
        {
            Add(problems, $"{Shown(key)} has statements about no version.");
        }
    }

    private static string Shown(string key) => key.Replace('\0', ' ');

    // Numbers are below twice the count of statements in any sound file; a lie about one must not take memory.
    private static void Mark(ref BitArray stated, IReadOnlyList<Posting> postings)
    {
        const int Largest = 100_000_000;
        int highest = postings.Count == 0 ? 0 : postings.Max(posting => posting.Advisory);
        if (highest >= Largest)
        {
            throw new InvalidDataException($"It names advisory {highest}, more than any snapshot has.");
        }

        if (highest >= stated.Length)
        {
            stated.Length = Math.Max(highest + 1, stated.Length * 2);
        }

        foreach (Posting posting in postings)
        {
            stated[posting.Advisory] = true;
        }
    }

    private static void Compare(string what, int found, int described, List<string> problems)
    {
        if (found != described)
        {
            Add(problems, $"It has {found} {what} where its description says {described}.");
        }
    }

    private static void Try(List<string> problems, Action read)
    {
        try
        {
            read();
        }
        catch (Exception broken) when (broken is AdvisoryDatabaseException or InvalidDataException)
        {
            Add(problems, broken.Message);
        }
    }

    private static void Add(List<string> problems, string problem)
    {
        if (problems.Count < MaxProblems)
        {
            problems.Add(problem);
        }
    }
}
