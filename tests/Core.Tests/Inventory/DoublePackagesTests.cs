using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.MadeLayers;

namespace ImageScan.Core.Tests.Inventory;

public sealed class DoublePackagesTests
{
    [Fact]
    public void CountsAProgramOnceThoughItsHeaderSaysTheSame() =>
        Assert.Equal(
            ["usr/local/bin/node"],
            Paths(Binary("usr/local/include/node/node_version.h", "node=20.11.1"), Binary("usr/local/bin/node", "node=20.11.1")));

    [Fact]
    public void KeepsTheHeaderWhereTheProgramIsAnotherOne() =>
        Assert.Equal(2, Paths(Binary("opt/node/include/node/node_version.h", "node=18.20.0"), Binary("usr/local/bin/node", "node=20.11.1")).Length);

    [Theory]
    [InlineData("openssl=3.0.22", "openssl=1:3.0.22-1~deb12u2", 1)]
    [InlineData("python=3.11.2", "python3.11=3.11.2-6+deb12u9", 1)]
    [InlineData("openssl=3.0.2", "openssl=3.0.22-1", 2)]
    [InlineData("openssl=1.1.1", "openssl=1.1.1k-1", 2)]
    [InlineData("openssl=3.0.22", "other=3.0.22-1", 2)]
    public void CountsAProgramAsTheSystemsPackageThatIsABuildOfIt(string program, string package, int left) =>
        Assert.Equal(left, Paths(Binary("usr/bin/x", program), Dpkg(package)).Length);

    [Fact]
    public void KeepsAProgramOfTheSameVersionThatIsNotAmongTheFilesOfThePackage() =>
        Assert.Equal(
            ["usr/local/bin/curl", "var/lib/dpkg/status"],
            Paths(
                Dpkg("curl=7.88.1-10+deb12u15"),
                new FileInventory("var/lib/dpkg/info/curl.list", "list") { Owned = [new Ownership("curl", ["usr/bin/curl"])] },
                Binary("usr/bin/curl", "curl=7.88.1"),
                Binary("usr/local/bin/curl", "curl=7.88.1")).Order(StringComparer.Ordinal));

    [Fact]
    public void KeepsEachOfTwoInstallationsOfAProgram() =>
        Assert.Equal(
            ["opt/a/bin/python3.11", "opt/b/bin/python3.11"],
            Paths(
                Binary("opt/a/bin/python3.11", "python=3.11.2"),
                Binary("opt/b/bin/python3.11", "python=3.11.2"),
                Binary("opt/b/lib/libpython3.11.so", "python=3.11.2")));

    [Fact]
    public void KeepsAProgramBesideALibraryOfALanguageThatIsCalledLikeIt() =>
        Assert.Equal(2, Paths(Binary("usr/bin/redis-server", "redis=7.0.1"), Python("usr/lib/python3/dist-packages/redis", "redis=7.0.1")).Length);

    [Fact]
    public void CountsAProgramOnceBesideThePackageOfBitnamiThatBroughtIt() =>
        Assert.Single(Paths(
            Binary("opt/bitnami/redis/bin/redis-server", "redis=7.0.1"),
            Database("opt/bitnami/redis/.spdx-redis.spdx", PackageType.Bitnami, "redis=7.0.1-3")));

    [Fact]
    public async Task TakesManyProgramsAmongManyPackagesInReasonableTime()
    {
        // Each held against each is 2,500 million comparisons, twice.
        object[] files =
        [
            Dpkg([.. Enumerable.Range(0, 50_000).Select(i => $"node{i}=1.{i}-1")]),
            .. Enumerable.Range(0, 50_000).Select(i => Binary($"{i}/include/node/node_version.h", $"node=2.{i}")),
            .. Enumerable.Range(0, 20_000).Select(i => Database($"opt/{i}/conda-meta/x.json", PackageType.Conda, "x=1")),
            .. Enumerable.Range(0, 20_000).Select(i => Python($"opt/other/{i}/x", "x=1")),
        ];
        using var tooLate = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        tooLate.CancelAfter(TimeSpan.FromSeconds(60));

        ImageInventory image = await Task.Run(() => LayerMerge.Of([Layer(files)], CancellationToken.None), tooLate.Token).WaitAsync(tooLate.Token);

        Assert.Equal(140_000, image.Packages.Count);
    }

    [Fact]
    public void KeepsThePythonPackageThatCondaInstalledInsteadOfTheRecord() =>
        Assert.Equal(
            ["opt/conda/conda-meta/openssl.json", "opt/conda/lib/python3.11/site-packages/typing_extensions.dist-info/METADATA"],
            Paths(
                Conda("opt/conda", "typing_extensions=4.9.0"),
                Conda("opt/conda", "openssl=3.2.1"),
                Python("opt/conda/lib/python3.11/site-packages/typing_extensions", "typing-extensions=4.9.0")));

    [Theory]
    [InlineData("opt/conda/envs/a/lib/site-packages/x", "x=1", 1)]
    [InlineData("usr/lib/python3/dist-packages/x", "x=1", 2)]
    [InlineData("opt/conda/lib/site-packages/x", "x=2", 2)]
    [InlineData("opt/conda/lib/site-packages/y", "y=1", 2)]
    public void KeepsTheRecordWithoutThatPackageInItsEnvironment(string folder, string package, int left) =>
        Assert.Equal(left, Paths(Conda("opt/conda", "x=1"), Python(folder, package)).Length);

    private static FileInventory Binary(string path, string package) => Database(path, PackageType.Binary, package);

    private static FileInventory Conda(string environment, string package) =>
        Database($"{environment}/conda-meta/{package.Split('=')[0]}.json", PackageType.Conda, package);

    private static FileInventory Python(string folder, string package) => Database($"{folder}.dist-info/METADATA", PackageType.Python, package);

    private static string[] Paths(params object[] files) =>
        [.. LayerMerge.Of([Layer(files)], TestContext.Current.CancellationToken).Packages.Select(installed => installed.Package.Path).Order(StringComparer.Ordinal)];
}
