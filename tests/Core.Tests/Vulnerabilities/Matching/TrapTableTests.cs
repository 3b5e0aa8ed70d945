using System.Reflection;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>
/// The 52 traps of reference/vulnerability-data.md §6, and where each is tested: those of matching here by their numbers, those of reading images
/// beside their detectors, those of records beside their feeds.
/// </summary>
public sealed class TrapTableTests
{
    private const int Traps = 52;

    private static readonly (int Trap, string[] Tests)[] Table =
    [
        (1, ["TrapsOfNamesTests.Trap1DpkgBinaryAndSource", "RealImageTests.KnowsTheSourceOfADebianPackage"]),
        (2, ["TrapsOfNamesTests.Trap2BinaryRebuildWithAnotherSourceVersion"]),
        (3, ["TrapsOfNamesTests.Trap3ApkOrigin"]),
        (4, ["TrapsOfNamesTests.Trap4RpmSource", "RpmVersionTests.TakesNameAndVersionFromASourcePackage"]),
        (5, ["TrapsOfNamesTests.Trap5Epoch", "RpmDetectorTests.TakesAZeroEpochForNone", "RpmVersionTests.WritesAnEpochUnlessItIsZero"]),
        (6, ["TrapsOfStreamsTests.Trap6ModularityBothWays", "TrapsOfStreamsTests.Trap6ModularBuildsOfUnnamedModules",
            "OsvTrapTests.Trap6ModularAdvisoriesAreAboutTheModulesTheyName"]),
        (7, ["TrapsOfRedHatTests.Trap7RedHatProductScope", "RedHatScopeTests.TakesTheRepositoriesOfThePackagesLayer",
            "ContentManifestDetectorTests.ReadsTheRepositories",
            "LayerMergeTests.KeepsTheContentSetsOfEachLayer"]),
        (8, ["TrapsOfStreamsTests.Trap8SeveralErrataForOneCve", "TrapsOfStreamsTests.Trap8TwoErrataFixOneCveInTwoStreams",
            "TrapsOfRedHatTests.Trap8TwoRhsasFixOneCveInTwoStreams"]),
        (9, ["TrapsOfStreamsTests.Trap9Architectures", "OsvTrapTests.Trap9OpenEulerNamesTheArchitecturesOfItsRpms"]),
        (10, ["TrapsOfStatusesTests.Trap10Statuses"]),
        (11, ["TrapsOfStatusesTests.Trap11DebianUnimportant"]),
        (12, ["TrapsOfStatusesTests.Trap12DebianWithoutFix"]),
        (13, ["TrapsOfStatusesTests.Trap13DebianReleaseAndSid"]),
        (14, ["TrapsOfStatusesTests.Trap14DebianFixedInZero"]),
        (15, ["TrapsOfStatusesTests.Trap15AlpineFixedInZero", "LayerMergeTests.DropsLanguagePackagesThatTheSystemOwns"]),
        (16, ["TrapsOfDistributionsTests.Trap16AlpineRelease", "DistributionChoiceTests.LetsRepositoriesCorrectTheRelease",
            "ApkRepositoriesDetectorTests.ClaimsTheReleaseThatMostLinesOfMainAndCommunityName"]),
        (17, ["TrapsOfStatusesTests.Trap17UbuntuPro", "TrapsOfStatusesTests.Trap17AFixForAllComesBeforeThatOfPro"]),
        (18, ["TrapsOfDistributionsTests.Trap18KernelHeaders"]),
        (19, ["DpkgDetectorTests.ReadsADistrolessPackageWithoutAStatusLine", "InstalledLayoutsTests.LeavesAPythonPackageOfDistrolessToItsDebianPackage"]),
        (20, ["DpkgDetectorTests.CountsThePackagesThatHaveFilesOnDisk"]),
        (21, ["TrapsOfDistributionsTests.Trap21RollingApk", "TrapsOfDistributionsTests.Trap21Tumbleweed",
            "OsReleaseDetectorTests.IgnoresTheVersionOfARollingSystem"]),
        (22, ["TrapsOfDistributionsTests.Trap22Derivatives", "TrapsOfRedHatTests.Trap22CentOs",
            "OsReleaseDetectorTests.TakesASystemForItselfAndNotForWhatItIsLike"]),
        (23, ["TrapsOfDistributionsTests.Trap23PackagesOfThirdParties", "TrapsOfDistributionsTests.Trap23DebsOfThirdParties"]),
        (24, ["TrapsOfStreamsTests.Trap24OracleFlavours"]),
        (25, ["TrapsOfStreamsTests.Trap25AmazonExtras", "TrapsOfStreamsTests.Trap25AmazonReleases"]),
        (26, ["TrapsOfLibrariesTests.Trap26GoStandardLibrary"]),
        (27, ["TrapsOfLibrariesTests.Trap27GoDevelopmentVersions", "GoPackagesTests.TakesTheMainModulesVersionOrWhatItsLinkerWasTold"]),
        (28, ["TrapsOfLibrariesTests.Trap28GoPseudoVersions"]),
        (29, ["TrapsOfLibrariesTests.Trap29GoImports"]),
        (30, ["GoPackagesTests.ListsWhatReplacedADependencyInItsPlace"]),
        (31, ["TrapsOfLibrariesTests.Trap31GrouplessJars", "JavaArchiveDetectorTests.CountsEveryPackageShadedIntoAnArchive",
            "JavaArchiveDetectorTests.SaysWhereInAWarItsLibrariesAre"]),
        (32, ["TrapsOfLibrariesTests.Trap32RepackagedJars"]),
        (33, ["PythonDetectorTests.WantsMetadataOfInstalledDistributions", "PythonNameTests.NormalizesNamesAsPep503Says"]),
        (34, ["LayerMergeTests.DropsLanguagePackagesThatTheSystemOwns",
            "SystemOwnershipTests.LeavesLanguagePackagesToTheRpmThatOwnsThemUnlessItIsOfOthers",
            "SystemOwnershipTests.LeavesLanguagePackagesToTheDebThatOwnsThemUnlessItIsOfOthers"]),
        (35, ["NpmDetectorTests.WantsOnlyTheRootsOfInstalledPackages", "NpmDetectorTests.PassesOverWhatNamesNoPackage"]),
        (36, ["GemDetectorTests.LeavesThePlatformOutOfTheVersion", "GemDetectorTests.WantsOnlyTheSpecificationsOfInstalledGems"]),
        (37, ["DotNetDetectorTests.CountsPackagesAndRuntimePacksOnly", "DotNetDetectorTests.ReadsASharedFrameworkUnderTheNameAndVersionOfAdvisories"]),
        (38, ["ComposerDetectorTests.ReadsTheListsOfComposer1And2"]),
        (39, ["CargoAuditableTests.ListsTheCratesThatAreInTheProgram", "OsvTrapTests.Trap39InformationalNoticesOfRustSecAreNoVulnerabilities"]),
        (40, ["TrapsOfLibrariesTests.Trap40Aliases", "TrapsOfLibrariesTests.Trap40DistributionsAreNotMergedWithLibraries"]),
        (41, ["TrapsOfLibrariesTests.Trap41WithdrawnAliasOfALiveRecord"]),
        (42, ["TrapsOfLibrariesTests.Trap42ThreeRangesOfLog4j"]),
        (43, ["TrapsOfLibrariesTests.Trap43LastAffected"]),
        (44, ["TrapsOfLibrariesTests.Trap44GitRangeFirst", "OsvTrapTests.Trap44ARangeOfCommitsDoesNotHideTheNext"]),
        (45, ["TrapsOfLibrariesTests.Trap45UnparsableVersions"]),
        (46, ["TrapsOfLibrariesTests.Trap46Severity", "OsvTrapTests.Trap46TheTitlesOfRedHatsFamilyBeginWithTheSeverity"]),
        (47, ["LayerMergeTests.RemovesWhatAWhiteoutNames", "LayerMergeTests.HidesWhatLowerLayersHaveInAnOpaqueFolder"]),
        (48, ["LayerMergeTests.TakesADatabaseAsItsLastLayerHasIt", "LayerMergeTests.KeepsTheLayerThatBroughtANameInThisVersion"]),
        (49, ["LayerWalkerTests.GivesTheSamePathTwice", "LayerContentsTests.LetsTheLaterOfTwoEntriesOfOnePathCount"]),
        (50, ["SymbolicLinkTests.PointsBelowTheRootWhateverItsText", "LayerMergeTests.ReplacesAFolderByALinkAsWhenUsrIsMerged"]),
        (51, ["SystemDatabasesTests.TellsAnEmptyDatabaseFromNone", "TrapsOfDistributionsTests.Trap51NoPackagesAreNotTheSameAsNoAdvisories"]),
        (52, ["TrapsOfDistributionsTests.Trap52EndedReleasesAreMatched", "EndOfLifeTests.KnowsWhenAReleaseEnds"]),
    ];

    public static TheoryData<int, string> Places => [.. Table.SelectMany(row => row.Tests.Select(test => (row.Trap, test)))];

    [Fact]
    public void NoTrapIsForgotten() => Assert.Equal(Enumerable.Range(1, Traps), Table.Select(row => row.Trap));

    [Theory]
    [MemberData(nameof(Places))]
    public void EachIsTestedWhereTheTableSays(int trap, string test)
    {
        string[] names = test.Split('.');

        MethodInfo? method = typeof(TrapTableTests).Assembly.GetTypes().Where(type => type.Name == names[0])
            .Select(type => type.GetMethod(names[1])).FirstOrDefault(found => found is not null);

        Assert.True(method?.GetCustomAttribute<FactAttribute>() is { Skip: null }, $"Trap {trap}: there is no test {test}.");
    }
}
