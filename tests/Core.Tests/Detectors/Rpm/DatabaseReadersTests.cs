using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Rpm;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>The three readers find every header of a sound database, and of a damaged one all but the damaged.</summary>
public sealed class DatabaseReadersTests
{
    [Theory]
    [InlineData(512, 0)]
    [InlineData(1024, 12)]
    [InlineData(4096, 0)]
    [InlineData(4096, 255)]
    [InlineData(65536, 0)]
    public void ReadsSqliteOfEveryPageSize(int pageBytes, int reserved) =>
        AssertReads(MadeDatabases.Sqlite(Headers(60), pageBytes, reserved), 60);

    [Theory]
    [InlineData(512, false, 1, false)]
    [InlineData(512, true, 7, true)]
    [InlineData(1024, true, 4, false)]
    [InlineData(4096, false, 4, true)]
    [InlineData(8192, false, 32, false)]
    [InlineData(65536, true, 3, false)]
    [InlineData(65536, false, 3, true)]
    public void ReadsBerkeleyDbOfEveryPageSizeAndByteOrder(int pageBytes, bool bigEndian, int buckets, bool checksums) =>
        AssertReads(MadeDatabases.Berkeley(Headers(60), pageBytes, bigEndian, buckets, checksums), 60);

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(300)]
    public void ReadsNdb(int packages) => AssertReads(MadeDatabases.Ndb(Headers(packages)), packages);

    [Fact]
    public void FindsNothingInEmptyDatabases()
    {
        AssertReads(MadeDatabases.Sqlite([]), 0);
        AssertReads(MadeDatabases.Berkeley([]), 0);
        AssertReads(MadeDatabases.Ndb([]), 0);
    }

    // Sizes around those at which a row begins to overflow, and at which its last page is full.
    [Fact]
    public void ReadsHeadersOfEverySize()
    {
        byte[][] headers = [.. Enumerable.Range(380, 1300).Select(size => HeaderOf(size))];

        Assert.Equal(headers, RpmFiles.Headers(MadeDatabases.Sqlite(headers, 512)));
        Assert.Equal(headers.Select(Convert.ToHexString).Order(), RpmFiles.Headers(MadeDatabases.Berkeley(headers, 512)).Select(Convert.ToHexString).Order());
        Assert.Equal(headers, RpmFiles.Headers(MadeDatabases.Ndb(headers)));
    }

    [Fact]
    public void KeepsTheRowsOfOtherPagesWhenAnSqlitePageIsDamaged()
    {
        byte[] file = MadeDatabases.Sqlite(Headers(40));
        int leaf = Enumerable.Range(2, (file.Length / 4096) - 2).First(page => file[page * 4096] == 13);
        file[leaf * 4096] = 99;

        FileFindings found = RpmFiles.Read(file);

        Assert.InRange(found.Packages.Count, 1, 39);
        Assert.Contains($"Page {leaf + 1} ", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsThePackageWhenItsLastSqlitePagesAreMissing()
    {
        byte[] file = MadeDatabases.Sqlite([MadeHeader.Of("a").Files([.. Enumerable.Range(0, 1000).Select(i => ("/usr/", $"file{i}"))]).ToBytes()]);

        FileFindings found = RpmFiles.Read(file[..^4096]);

        Assert.Equal("a", Assert.Single(found.Packages).Name);
        Assert.Contains(found.Warnings, warning => warning.Reason.Contains("Page", StringComparison.Ordinal));
        Assert.Contains(found.Warnings, warning => warning.Reason.Contains("package a", StringComparison.Ordinal));
    }

    [Fact]
    public void ReadsNoSqlitePageTwice()
    {
        byte[] file = MadeDatabases.Sqlite(Headers(40));

        // The right child of the table's root is the root itself.
        file[4096 + 11] = 2;

        Assert.Contains(RpmFiles.Read(file).Warnings, warning => warning.Reason.Contains("Page 2 ", StringComparison.Ordinal));
    }

    [Fact]
    public void SaysThatAnSqliteDatabaseHasNoTableOfPackages()
    {
        byte[] file = MadeDatabases.Sqlite(Headers(2));
        int name = file.AsSpan().IndexOf("tablePackages"u8);
        file[name + 5] = (byte)'X';

        AssertUnreadable(file, "no table of packages");
    }

    [Theory]
    [InlineData(16, 3, "pages of")]
    [InlineData(19, 3, "version 3")]
    [InlineData(59, 2, "UTF-16")]
    public void SaysWhatSqliteItCannotRead(int at, byte value, string reason)
    {
        byte[] file = MadeDatabases.Sqlite(Headers(2));
        file[at] = value;

        AssertUnreadable(file, reason);
    }

    [Theory]
    [InlineData(13, 0x31, "")]
    [InlineData(16, 7, "version 7")]
    [InlineData(16, 11, "version 11")]
    [InlineData(21, 3, "pages of")]
    [InlineData(24, 1, "encrypted")]
    [InlineData(25, 9, "describes it")]
    public void SaysWhatBerkeleyDbItCannotRead(int at, byte value, string reason)
    {
        byte[] file = MadeDatabases.Berkeley(Headers(2));
        file[at] = value;

        AssertUnreadable(file, reason);
    }

    [Fact]
    public void SaysThatABtreeOfBerkeleyDbIsNotRead()
    {
        byte[] file = MadeDatabases.Berkeley(Headers(2));
        BitConverter.GetBytes(0x00053162).CopyTo(file, 12);

        AssertUnreadable(file, "B-tree");
    }

    [Fact]
    public void KeepsTheOtherBucketsWhenABerkeleyPageIsDamaged()
    {
        byte[] file = MadeDatabases.Berkeley(Headers(40), buckets: 4);
        file[(2 * 4096) + 25] = 0;

        FileFindings found = RpmFiles.Read(file);

        Assert.Equal(30, found.Packages.Count);
        Assert.Contains("Page 2 ", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsThePackageWhenItsLastBerkeleyPagesAreMissing()
    {
        byte[] file = MadeDatabases.Berkeley([MadeHeader.Of("a").Files([.. Enumerable.Range(0, 1000).Select(i => ("/usr/", $"file{i}"))]).ToBytes()]);

        FileFindings found = RpmFiles.Read(file[..^4096]);

        Assert.Equal("a", Assert.Single(found.Packages).Name);
        Assert.Equal(2, found.Warnings.Count);
    }

    [Fact]
    public void KeepsTheOtherPackagesWhenAnNdbSlotOrBlobIsDamaged()
    {
        byte[] file = MadeDatabases.Ndb(Headers(40));
        file[32 + (2 * 16)] = (byte)'?';
        int blob = file.AsSpan().IndexOf("BlbS"u8);
        file[blob] = (byte)'?';

        FileFindings found = RpmFiles.Read(file);

        Assert.Equal(38, found.Packages.Count);
        Assert.Contains("Slot 4 ", found.Warnings[1].Reason, StringComparison.Ordinal);
        Assert.Contains($"byte {blob}", found.Warnings[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatAnNdbIsOfAnotherVersion()
    {
        byte[] file = MadeDatabases.Ndb(Headers(2));
        file[4] = 1;

        AssertUnreadable(file, "version 1");
    }

    // Every slot names the same header.
    [Fact]
    public void ReadsNoMoreThanTheFileHas()
    {
        byte[] file = MadeDatabases.Ndb([HeaderOf(100_000)]);
        for (int slot = 2; slot < 256; slot++)
        {
            file.AsSpan(32, 16).CopyTo(file.AsSpan(slot * 16));
        }

        FileFindings found = RpmFiles.Read(file);

        Assert.Single(found.Packages);
        Assert.Contains("overlap", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    private static byte[][] Headers(int count) => [.. Enumerable.Range(0, count).Select(i => HeaderOf(400 + (i * 97 % 3000), $"p{i}"))];

    // A header with a vendor that fills it up to this size.
    private static byte[] HeaderOf(int size, string name = "p")
    {
        MadeHeader header = MadeHeader.Of(name).Numbers(RpmTag.Epoch, 3);
        return header.Text(RpmTag.License, new string('v', size - header.ToBytes().Length - 17)).ToBytes();
    }

    private static void AssertReads(byte[] file, int packages)
    {
        FileFindings found = RpmFiles.Read(file);

        Assert.Empty(found.Warnings);
        Assert.Equal(
            Enumerable.Range(0, packages).Select(i => $"p{i} 3:1-1").Order(),
            found.Packages.Select(package => $"{package.Name} {package.Version}").Order());
    }

    private static void AssertUnreadable(byte[] file, string reason)
    {
        FileFindings found = RpmFiles.Read(file);

        Assert.Empty(found.Packages);
        Assert.Contains(reason, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }
}
