using System.Security.Cryptography;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Benchmarks;

/// <summary>What opening a snapshot costs beside reading and hashing its file, and a thousand look-ups in it.</summary>
internal static class AdvisoryContest
{
    private const int Lookups = 1_000;

    // Packages that have many advisories, and as many that have none.
    private static readonly (string Ecosystem, string Name)[] Known =
    [
        ("Debian:11", "openssl"), ("Debian:11", "curl"), ("Debian:12", "glibc"), ("Debian:12", "linux"), ("Alpine:v3.9", "busybox"),
        ("Alpine:v3.10", "openssl"), ("npm", "lodash"), ("npm", "minimist"), ("PyPI", "django"), ("PyPI", "jinja2"),
    ];

    public static void Run()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "starter.snap");
        using var database = AdvisoryDatabase.Open(path);
        Console.WriteLine($"{database.Size >> 10} KiB; {Lookups} look-ups find {Find(database)} affected packages and read {Read(database)} advisories");

        new Contest("Opening the starter set", rounds: 21)
            .Add("File.ReadAllBytes + SHA256", () => SHA256.HashData(File.ReadAllBytes(path)))
            .Add("AdvisoryDatabase.Open", () => AdvisoryDatabase.Open(path).Dispose())
            .RunAsync()
            .GetAwaiter()
            .GetResult();
        new Contest($"{Lookups} look-ups", rounds: 21)
            .Add("what affects the package", () => Find(database))
            .Add("the same, and every advisory read", () => Read(database))
            .RunAsync()
            .GetAwaiter()
            .GetResult();
    }

    private static int Find(AdvisoryDatabase database)
    {
        AdvisoryLookup lookup = database.Lookup();
        int found = 0;
        for (int i = 0; i < Lookups; i++)
        {
            found += Postings(lookup, i).Count;
        }

        return found;
    }

    private static int Read(AdvisoryDatabase database)
    {
        AdvisoryLookup lookup = database.Lookup();
        int read = 0;
        for (int i = 0; i < Lookups; i++)
        {
            foreach (Posting posting in Postings(lookup, i))
            {
                _ = lookup.Advisory(posting.Advisory);
                read++;
            }
        }

        return read;
    }

    private static IReadOnlyList<Posting> Postings(AdvisoryLookup lookup, int i)
    {
        (string ecosystem, string name) = Known[i / 2 % Known.Length];
        return lookup.Find(OsvEcosystem.Parse(ecosystem), i % 2 == 0 ? name : $"{name}-{i}");
    }
}
