using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.Core.Tests.Storage;

public sealed class ScanRowTests
{
    private static readonly Digest Id = Digest.OfSha256(new byte[32]);

    [Fact]
    public void KeepsWhatAListShows()
    {
        var listed = new ListedImage(Id.ToString(), "docker.io/library/nginx:1", new ScanSummary(3, 2, 1, 9.8f, 1.09075f), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(1))
        {
            OperatingSystem = "debian:12",
            ScannedAt = DateTimeOffset.UnixEpoch.AddTicks(2),
        };

        Assert.Equal(listed, ListColumns.Read(RowOf(listed).ToEntity()));
    }

    [Fact]
    public void KeepsWhatIsNotThere()
    {
        var listed = new ListedImage(Id.ToString(), "", new ScanSummary(0, 0, null, null, 0), null, DateTimeOffset.UnixEpoch) { ScannedAt = DateTimeOffset.UnixEpoch };

        Assert.Equal(listed, ListColumns.Read(RowOf(listed).ToEntity()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3155378975999999999)]
    public void KeepsAnyDateAnImageClaims(long ticks)
    {
        var listed = new ListedImage(Id.ToString(), "", new ScanSummary(0, 0, null, null, 0), new DateTimeOffset(ticks, TimeSpan.Zero), DateTimeOffset.UnixEpoch);

        TableEntity entity = RowOf(listed).ToEntity();

        Assert.Equal(ticks, ListColumns.Read(entity).Created!.Value.UtcTicks);
        Assert.DoesNotContain(entity, property => property.Value is DateTimeOffset or DateTime);
    }

    [Fact]
    public void RefusesMoreNamesThanAPropertyTakes()
    {
        var random = new Random(1);
        string Noise() => string.Concat(Enumerable.Range(0, 100).Select(_ => (char)random.Next('a', 'z')));
        ImageReference[] names = [.. Enumerable.Range(0, 3_000).Select(_ => Noise()).Select(name => new ImageReference("r", name, "", $"r/{name}", null))];
        var listed = new ListedImage(Id.ToString(), "", new ScanSummary(0, 0, null, null, 0), null, DateTimeOffset.UnixEpoch);

        StorageException refusal = Assert.Throws<StorageException>(() => (RowOf(listed) with { Names = names }).ToEntity());

        Assert.Contains("3,000 names", refusal.Message, StringComparison.Ordinal);
    }

    private static ScanRow RowOf(ListedImage listed) => new(Id, new ContentStamp("g", 1, 1, "s"), [], listed);
}
