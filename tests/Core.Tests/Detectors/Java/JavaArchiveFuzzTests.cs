using System.Diagnostics;
using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Java;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Java;

/// <summary>No bytes of an archive make its reading throw, take long or give more than they are worth.</summary>
public sealed class JavaArchiveFuzzTests
{
    private static readonly byte[] War = new MadeJar()
        .WithManifest("Implementation-Title: shop\nImplementation-Version: 1.0\nBundle-License: MIT\n")
        .WithPom("com.acme", "shop", "1.0")
        .With("META-INF/maven/com.acme/shop/pom.xml", "<project><licenses><license><name>MIT</name></license></licenses></project>")
        .With("WEB-INF/lib/spring-beans-5.3.15.jar", new MadeJar().WithManifest("").With("org/springframework/beans/A.class"))
        .WithStored("WEB-INF/lib/x.jar", new MadeJar().WithPom("a", "x", "1").With("y.jar", new MadeJar().WithPom("a", "y", "1")))
        .ToBytes();

    [Fact]
    public void TheGoodArchiveHasItsPackages() => Assert.Equal(4, Read(War).Packages.Count);

    [Fact]
    public void SpoiltArchivesThrowNothing() =>
        Gen.Select(Gen.Int[0, War.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                byte[] bytes = [.. War];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                Read(bytes);
            },
            iter: 4000);

    // Lengths and offsets are where a reader goes astray.
    [Fact]
    public void SpoiltDirectoriesThrowNothing()
    {
        int directory = War.AsSpan().LastIndexOf("META-INF/MANIFEST.MF"u8) - 46;
        Gen.Select(Gen.Int[directory, War.Length - 1], Gen.OneOf<byte>(0, 1, 0x7F, 0x80, 0xFF)).Array[1, 12].Sample(
            changes =>
            {
                byte[] bytes = [.. War];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                Read(bytes);
            },
            iter: 4000);
    }

    [Fact]
    public void PiecesOfArchivesThrowNothing() =>
        Gen.Select(Gen.Int[0, War.Length], Gen.Int[0, War.Length], Gen.Int[0, War.Length], Gen.Int[0, War.Length]).Sample(
            (a, b, c, d) => Read([.. War[Math.Min(a, b)..Math.Max(a, b)], .. War[Math.Min(c, d)..Math.Max(c, d)]]),
            iter: 2000);

    // Members that share the bytes of one body: https://www.bamsoftware.com/hacks/zipbomb/.
    [Fact]
    public void ABombOfOverlappingMembersEndsSoon()
    {
        byte[] jar = new MadeJar().With("a.jar", new byte[1 << 20]).ToBytes();
        int header = jar.AsSpan().LastIndexOf("PK\x01\x02"u8);
        byte[] entry = jar[header..^22];
        byte[] end = jar[^22..];
        BitConverter.TryWriteBytes(end.AsSpan(12), entry.Length * 50_000);
        byte[] bomb = [.. jar[..header], .. Enumerable.Repeat(entry, 50_000).SelectMany(bytes => bytes), .. end];
        long start = Stopwatch.GetTimestamp();

        FileFindings found = Read(bomb);

        Assert.NotEmpty(found.Warnings);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Fact]
    public void SizesThatAreNotTrueTakeNoMemory()
    {
        byte[] jar = new MadeJar().With("a.jar", new byte[10]).ToBytes();
        int header = jar.AsSpan().LastIndexOf("PK\x01\x02"u8);
        jar.AsSpan(header + 24, 3).Fill(0xFF);
        jar[header + 27] = 0x7F;
        long before = GC.GetAllocatedBytesForCurrentThread();

        Read(jar);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static FileFindings Read(byte[] bytes)
    {
        var findings = new FileFindings("x.war", maxPackages: 20);
        var entry = new LayerEntry("x.war", LayerEntryKind.File, bytes.Length);
        new JavaArchiveDetector().Read(entry, new MemoryStream(bytes), findings);
        Assert.True(findings.Warnings.Count <= 11);
        Assert.All(findings.Packages, package => Assert.True(package is { Name.Length: > 0, Version.Length: > 0, Path: "x.war" }));
        return findings;
    }
}
