using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

/// <summary>Repositories with their CPEs, and ends of releases.</summary>
public sealed class ProductRecordsTests
{
    [Fact]
    public void FindsTheCpesOfARepository()
    {
        using var snapshot = TestSnapshot.OfRecords(
            new RepositoryCpes("rhel-9-for-x86_64-appstream-rpms", ["cpe:/a:redhat:enterprise_linux:9::appstream", "cpe:/a:redhat:rhel_eus:9.4::appstream"]),
            new RepositoryCpes("rhel-9-for-x86_64-baseos-rpms", ["cpe:/o:redhat:enterprise_linux:9::baseos"]));
        var lookup = snapshot.Database.Lookup();

        Assert.Equal(["cpe:/o:redhat:enterprise_linux:9::baseos"], lookup.CpesOf("rhel-9-for-x86_64-baseos-rpms"));
        Assert.Equal(2, lookup.CpesOf("rhel-9-for-x86_64-appstream-rpms").Count);
        Assert.Empty(lookup.CpesOf("rhel-9-for-x86_64-baseos-rpms__8"));
        Assert.Empty(lookup.CpesOf(""));
    }

    [Fact]
    public void FindsEachOfManyRepositories()
    {
        using var snapshot = TestSnapshot.OfRecords([.. Enumerable.Range(0, 5_000).Select(i => new RepositoryCpes($"repository-{i}-rpms", [$"cpe:/o:x:{i}"]))]);
        var lookup = snapshot.Database.Lookup();

        Assert.All(Enumerable.Range(0, 5_000), i => Assert.Equal([$"cpe:/o:x:{i}"], lookup.CpesOf($"repository-{i}-rpms")));
    }

    [Fact]
    public void TheLaterRecordOfARepositoryOrAReleaseCounts()
    {
        using var snapshot = TestSnapshot.OfRecords(
            new RepositoryCpes("r", ["old"]),
            new RepositoryCpes("r", ["new"]),
            new ReleaseEnd("debian", "11", new DateOnly(2024, 8, 14), null),
            new ReleaseEnd("debian", "11", new DateOnly(2024, 8, 15), null));

        Assert.Equal(["new"], snapshot.Database.Lookup().CpesOf("r"));
        Assert.Equal(new DateOnly(2024, 8, 15), Assert.Single(snapshot.Database.ReleaseEnds).EndsOn);
    }

    [Fact]
    public void ListsTheEndsOfReleasesInOrder()
    {
        ReleaseEnd[] ends =
        [
            new("alpine", "3.19", new DateOnly(2025, 11, 1), null),
            new("debian", "11", new DateOnly(2024, 8, 14), new DateOnly(2026, 8, 31)),
            new("debian", "12", new DateOnly(2026, 6, 10), new DateOnly(2028, 6, 30)),
        ];

        using var snapshot = TestSnapshot.OfRecords([.. ends.Reverse()]);

        Assert.Equal(ends, snapshot.Database.ReleaseEnds);
    }
}
