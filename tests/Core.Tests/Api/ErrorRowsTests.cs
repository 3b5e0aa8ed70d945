using System.Text.RegularExpressions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api;

/// <summary>
/// The errors of StackRox's ImageService and its neighbours, row by row, and which test of this repository shows each; or why it cannot come up
/// here. Codes are those of https://github.com/stackrox/stackrox/blob/4.5.0/pkg/errox/grpc/codes.go, texts those of
/// https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go and pkg/images/enricher.
/// </summary>
public sealed partial class ErrorRowsTests
{
    private static readonly Row[] Table =
    [
        // The form of errors, and codes.
        new("4.5 writes error, code, message, details", "ApiErrorTests.GivesEveryCodeItsStatus", "ApiLevelTests.WritesErrorsInTheOrderOfTheirLevel"),
        new("4.6 and later write code, message, details, error", "ApiLevelTests.WritesErrorsInTheOrderOfTheirLevel"),
        new("a detail has its @type", "WireJsonTests.WritesAnErrorWithItsDetail", "ApiGateTests.SaysWhenToTryAgainAfterTooManyFailures"),
        new("1 Canceled, 408", "ApiErrorTests.GivesEveryCodeItsStatus", "ApiErrorTests.MapsExceptions", "StreamedAnswerTests.EndsWhenTheCallerIsGone"),
        new("2 Unknown, 500", "ApiErrorTests.GivesEveryCodeItsStatus"),
        new("3 InvalidArgument, 400", "ApiErrorTests.GivesEveryCodeItsStatus", "BadRequestTests.IsAnsweredInTheWordsOfStackRox"),
        new("4 DeadlineExceeded, 504", "ApiErrorTests.GivesEveryCodeItsStatus", "WaitingCallerTests.IsToldToComeBackAndFindsTheResultThen"),
        new("5 NotFound, 404", "ApiErrorTests.GivesEveryCodeItsStatus", "StoredImagesTests.AreMissedInTheWordsOfStackRox"),
        new("6 AlreadyExists, 409", "ApiErrorTests.GivesEveryCodeItsStatus"),
        new("7 PermissionDenied, 403", "ApiErrorTests.GivesEveryCodeItsStatus", "TokenAccessTests.OfAReaderLetsReadButNotScan"),
        new("8 ResourceExhausted, 429", "ApiErrorTests.GivesEveryCodeItsStatus", "BusyInstanceTests.TellsOneCallerTooManyToComeBack"),
        new("9 FailedPrecondition, 400", "ApiErrorTests.GivesEveryCodeItsStatus"),
        new("10 Aborted, 409", "ApiErrorTests.GivesEveryCodeItsStatus"),
        new("11 OutOfRange, 400", "ApiErrorTests.GivesEveryCodeItsStatus"),
        new("12 Unimplemented, 501", "ApiErrorTests.GivesEveryCodeItsStatus", "ApiGateTests.AnswersUnknownRoutesAndMethodsOfLaterLevelsAsErrors"),
        new("13 Internal, 500", "ApiErrorTests.GivesEveryCodeItsStatus", "BadImageTests.NamesWhatTheRegistryDoesNotHave"),
        new("14 Unavailable, 503", "ApiErrorTests.GivesEveryCodeItsStatus", "MissingStorageTests.IsAnsweredWithTheNameOfTheSettingWithinSeconds"),
        new("15 DataLoss, 500", "ApiErrorTests.GivesEveryCodeItsStatus"),
        new("16 Unauthenticated, 401 with WWW-Authenticate", "ApiErrorTests.GivesEveryCodeItsStatus", "ApiGateTests.LetsInWhoMayComeIn"),
        new("what has no class is code 13", "ApiErrorTests.KeepsTheTextOfWhatNobodyForesawOutOfTheAnswer", "DeletedImagesTests.NeedAQueryThatSaysWhich"),
        new("404, 401 and 429 of a registry are all 500 with code 13", "ApiErrorTests.MapsExceptions", "BadImageTests.NamesWhatTheRegistryDoesNotHave"),
        new("4.5 answers an unknown route or method in plain text", "BadRequestTests.AnswersUnknownRoutesAndMethodsInPlainText"),
        new("4.6 and later answer it in JSON", "ApiGateTests.AnswersUnknownRoutesAndMethodsOfLaterLevelsAsErrors"),
        new("a stream says its error as StreamError, since 4.6 as Status", "StreamedAnswerTests.SaysInTheLastLineWhatBrokeItOff",
            "ExportedImagesTests.SayInTheFormOfAStreamWhatIsWrongWithTheQuery", "ExportedImagesTests.EndWithAGoogleStatusSince46"),

        // Who may do what.
        new("no credentials: 401 credentials not found", "ApiGateTests.LetsInWhoMayComeIn", "TokenAccessTests.IsNeededForEveryRouteButTheOpenOnes"),
        new("bad token: 401 token validation failed", "ApiGateTests.LetsInWhoMayComeIn"),
        new("a right is lacking: 403 not authorized", "ApiGateTests.LetsInWhoMayComeIn", "ApiErrorTests.SaysStackRoxsWords"),

        // Bodies and parameters.
        new("a wrong type in the words of Go", "RequestBodyTests.RefusesWrongTypesInTheWordsOfTheGateway", "BadRequestTests.IsAnsweredInTheWordsOfStackRox"),
        new("what is no JSON", "RequestBodyTests.RefusesWhatIsNoJson", "BadRequestTests.SaysWhereTheJsonBreaks"),
        new("an unknown value of an enum in a query", "DefinitionsTests.AreNotThoseOfAComponentThatStackRoxDoesNotHave"),
        new("a flag or number in a query that is none", "DeletedImagesTests.AreNotTouchedByARequestThatCannotBeRead", "ExportedImagesTests.SayInTheFormOfTheGatewayWhatIsNoNumber"),

        // Other operations of images.
        new("id must be specified", "ApiErrorTests.SaysStackRoxsWords"),
        new("image with id X does not exist", "StoredImagesTests.AreMissedInTheWordsOfStackRox"),
        new("a scoping query is required", "DeletedImagesTests.NeedAQueryThatSaysWhich"),
        new("error parsing query", "DeletedImagesTests.AreNotTouchedByARequestThatCannotBeRead"),
        new("watch: no image name specified, failed to parse name, contains a digest", "WatchedImagesTests.HaveNamesWithoutDigests"),
        new("watch: failed to scan image", "WatchedImagesTests.AreNotWatchedWhenTheyCannotBeScanned"),
        Row.Impossible("watch: no applicable registry/scanner integration", "one client reads all registries, and one scanner all images"),
        Row.Impossible("watch: could not get SHA after scanning image", "an image that was read has a digest"),
        new("sbom: decoding json request body, generating SBOM", "SbomTests.SaysWhatKeepsItFromBeingWritten"),
        new("vulndefinitions: failed to obtain vulnerability definitions information", "DefinitionsTests.AreNoneWithoutAdvisories"),

        // A scan, step by step.
        new("the cluster is looked for before the name", "BadRequestTests.LooksForTheClusterBeforeTheName"),
        new("image name must be specified", "BadRequestTests.IsAnsweredInTheWordsOfStackRox"),
        new("error parsing image name", "BadRequestTests.IsAnsweredInTheWordsOfStackRox"),
        new("a failure of the metadata ends the scan", "BadImageTests.NamesWhatTheRegistryDoesNotHave", "FailedScanTests.LeavesNothingOfAnImageThatWasNeverWhole"),
        new("a failure of the scan ends it", "FailedScanTests.LeavesTheLastGoodResultInPlace", "ApiErrorTests.AddsThatNoClusterWasNamedToWhatFailedHere"),
        Row.Impossible("scan could not be completed for image X", "it is said where no registry or scanner is integrated; here each image has both"),
        new("what cannot be saved is an error of the request", "MissingStorageTests.IsAnsweredWithTheNameOfTheSettingWithinSeconds"),

        // Names.
        new("Nginx must be lowercase", "ImageReferenceTests.RefusesWithTheReason"),
        new("https://x/y, blanks and a slash at the end", "ImageReferenceTests.RefusesWithTheReason"),
        new("a tag of more than 128 characters", "ImageReferenceTests.AcceptsATagOf128CharactersAndRefusesOneMore"),
        new("a repository of more than 255 characters", "ImageReferenceTests.AcceptsARepositoryOf255CharactersAndRefusesOneMore"),
        new("unsupported digest algorithm", "ImageReferenceTests.RefusesWithTheReason"),
        new("a bare digest has no registry: 500", "ApiErrorTests.NamesADigestThatHasNoRegistry", "BadRequestTests.RefusesABareDigest"),

        // Registries.
        new("failed to get the manifest digest: Head URL", "BadImageTests.NamesWhatTheRegistryDoesNotHave", "ApiErrorTests.WrapsWhatARegistrySays"),
        Row.Impossible("errors: [a, b] of several registries", "a host is one registry"),
        Row.Impossible("no matching image registries found", "every host is asked, integrated or not"),
        Row.Impossible("no image registries are integrated", "every host is asked, integrated or not"),
        Row.Impossible("no image scanners are integrated", "the scanner is this program"),
        new("scanning IMG: error scanning image", "ApiErrorTests.AddsThatNoClusterWasNamedToWhatFailedHere", "BadImageTests.RefusesABlobThatIsTooLargeToBeChecked"),

        // Delegation.
        new("cluster X not found", "DelegatedScanTests.IsRefusedForAClusterThatThereIsNotBeforeTheNameIsLookedAt"),
        new("no connection to X", "DelegatedScanTests.IsRefusedForAClusterThatIsGone"),
        new("does not support delegated scanning", "DelegatedScanTests.IsRefusedForAClusterThatCannotReadOurMessages"),
        new("no ad-hoc cluster ID specified", "DelegatedScanTests.IsRefusedWhereTheConfigurationNamesNoCluster"),
        new("since 4.8 that is tried here", "DelegatedScanTests.IsTriedHereInThatCaseByALaterApi"),
        new("default cluster X is not valid, cluster X is not valid, missing registry path",
            "DelegationApiTests.RefusesAConfigurationThatNamesAClusterWhichCannotBeAsked"),
        new("no clusters found", "DelegationApiTests.HasNoClustersToListBeforeOneHasBeenSeen"),
        new("error delegating scan to cluster", "DelegatedScanTests.SaysWhyTheClusterCouldNotDoIt", "ApiErrorTests.SaysWhichClusterDidNotScanWhichImage"),
    ];

    // By class and name, of all projects of tests.
    private static readonly Lazy<IReadOnlySet<string>> Tests = new(() =>
    {
        string tests = Repository.Path("tests");
        IEnumerable<string> files = Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(tests, file).Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"));
        return files.SelectMany(file => TestsIn(File.ReadAllText(file)).Select(name => $"{Path.GetFileNameWithoutExtension(file)}.{name}")).ToHashSet();
    });

    public static TheoryData<string, string> Shown => [.. Table.SelectMany(row => row.Tests.Select(test => (row.Error, test)))];

    [Theory]
    [MemberData(nameof(Shown))]
    public void EachIsShownByATest(string error, string test) => Assert.True(Tests.Value.Contains(test), $"{error}: there is no test {test}.");

    [Fact]
    public void EachIsShownOrSaysWhyItCannotBe()
    {
        Assert.All(Table, row => Assert.True(row.Tests.Length > 0 != row.Reason.Length > 0, row.Error));
        Assert.Equal(Table.Length, Table.Select(row => row.Error).Distinct().Count());
    }

    [Fact]
    public void EachCodeHasARow() => Assert.Equal(
        Enumerable.Range(1, 16).Select(code => $"{code} "), Table.Select(row => row.Error).Where(error => char.IsAsciiDigit(error[0])).Where(IsOfACode).Select(CodeOf));

    [Theory]
    [InlineData("    [Fact]\n    public void Is() => x();", "Is")]
    [InlineData("    [Theory]\n    [InlineData(\n        1)]\n    public async Task Is(int x)", "Is")]
    [InlineData("    [Fact(Skip = \"why\")]\n    public void IsLeftOut() => x();", null)]
    [InlineData("    [Fact]\n    public void Is() => x();\n\n    public void IsNone()", "Is")]
    public void OnlyWhatRunsIsATest(string source, string? test) => Assert.Equal(test is null ? [] : [test], TestsIn(source));

    // What stands above a method up to the blank line is about it.
    private static IEnumerable<string> TestsIn(string source) => source.ReplaceLineEndings("\n").Split("\n\n")
        .Where(block => Attribute().IsMatch(block) && !block.Contains("(Skip =", StringComparison.Ordinal))
        .Select(block => TestMethod().Match(block)).Where(method => method.Success).Select(method => method.Groups["name"].Value);

    private static bool IsOfACode(string error) => RowOfACode().IsMatch(error);

    private static string CodeOf(string error) => error[..(error.IndexOf(' ', StringComparison.Ordinal) + 1)];

    [GeneratedRegex(@"^ *\[(Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^ *public (async )?(void|Task) (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"^\d+ [A-Z][A-Za-z]+, \d{3}")]
    private static partial Regex RowOfACode();

    private sealed record Row(string Error, params string[] Tests)
    {
        public string Reason { get; private init; } = "";

        public static Row Impossible(string error, string reason) => new(error) { Reason = reason };
    }
}
