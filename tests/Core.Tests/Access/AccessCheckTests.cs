using System.Text;
using ImageScan.Core.Access;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Access;

public sealed class AccessCheckTests : IDisposable
{
    private static readonly AccessSettings Settings = new()
    {
        Tokens =
        [
            new AccessToken { Name = "reader", Hash = TokenTableTests.HashOf("r"), Role = AccessRole.Read },
            new AccessToken { Name = "scanner", Hash = TokenTableTests.HashOf("s"), Role = AccessRole.Scan },
            new AccessToken { Name = "requester", Hash = TokenTableTests.HashOf("q"), Role = AccessRole.Requester },
            new AccessToken { Name = "approver", Hash = TokenTableTests.HashOf("p"), Role = AccessRole.Approver },
            new AccessToken { Name = "admin", Hash = TokenTableTests.HashOf("a"), Role = AccessRole.Admin },
        ],
        Users = [new AccessUser { Name = "alice", Hash = PasswordTableTests.HashOfOpenSesame, Role = AccessRole.Approver }],
    };

    private readonly MadeAccess _access = new(Settings);

    public void Dispose() => _access.Dispose();

    [Theory]
    [InlineData("r", "Read")]
    [InlineData("s", "Read, Scan")]
    [InlineData("q", "Read, Request")]
    [InlineData("p", "Read, Request, Approve")]
    [InlineData("a", "Read, Scan, Request, Approve, Admin")]
    public async Task GivesEachRoleItsOwn(string token, string rights)
    {
        foreach (AccessRights needed in Enum.GetValues<AccessRights>().Where(right => right != AccessRights.None))
        {
            AccessDecision decision = await _access.DecideAsync(needed, ("Authorization", $"Bearer {token}"));

            Assert.Equal(
                (needed, Enum.Parse<AccessRights>(rights).HasFlag(needed) ? AccessVerdict.Allowed : AccessVerdict.LacksRole), (needed, decision.Verdict));
        }
    }

    [Theory]
    [InlineData("Authorization", "bearer s")]
    [InlineData("Authorization", "BEARER s")]
    [InlineData("Authorization", "Bearer  s")]
    [InlineData("x-functions-key", "s")]
    [InlineData("Authorization", "Basic c2Nhbm5lcjpz")]
    [InlineData("Authorization", "bAsIc c2Nhbm5lcjpz")]
    public async Task FindsTheTokenWhereverItIsSent(string header, string value)
    {
        AccessDecision decision = await _access.DecideAsync(AccessRights.Scan, (header, value));

        Assert.Equal((AccessVerdict.Allowed, "scanner", "token:scanner"), (decision.Verdict, decision.Caller, decision.CallerId));
        Assert.Equal([AccessRole.Scan], decision.Roles);
    }

    [Fact]
    public async Task TakesAuthorizationBeforeTheKeyOfFunctions()
    {
        AccessDecision decision = await _access.DecideAsync(AccessRights.Read, ("Authorization", "Bearer r"), ("x-functions-key", "a"));

        Assert.Equal("token:reader", decision.CallerId);
    }

    [Theory]
    [InlineData("Authorization", "Bearer x", AccessVerdict.BadCredentials)]
    [InlineData("Authorization", "Bearer ", AccessVerdict.BadCredentials)]
    [InlineData("x-functions-key", "x", AccessVerdict.BadCredentials)]
    [InlineData("Authorization", "Basic YWRtaW46cw==", AccessVerdict.BadPassword)]
    [InlineData("Authorization", "Basic OnM=", AccessVerdict.BadPassword)]
    [InlineData("Authorization", "Basic cw==", AccessVerdict.UnreadablePassword)]
    [InlineData("Authorization", "Basic %%%", AccessVerdict.UnreadablePassword)]
    [InlineData("Authorization", "Basic /////w==", AccessVerdict.UnreadablePassword)]
    [InlineData("Authorization", "Basic", AccessVerdict.NoCredentials)]
    [InlineData("Authorization", "Digest username=scanner", AccessVerdict.NoCredentials)]
    [InlineData("Authorization", "s", AccessVerdict.NoCredentials)]
    [InlineData("X-Other", "s", AccessVerdict.NoCredentials)]
    public async Task KeepsEverythingElseOut(string header, string value, AccessVerdict verdict) =>
        Assert.Equal(verdict, (await _access.DecideAsync(AccessRights.Read, (header, value))).Verdict);

    [Fact]
    public async Task LooksAtNoCredentialOfAnyLength()
    {
        string endless = new('a', Credential.MaxCharacters);

        Assert.Equal(AccessVerdict.NoCredentials, (await _access.DecideAsync(AccessRights.Read, ("Authorization", $"Bearer {endless}"))).Verdict);
        Assert.Equal(AccessVerdict.NoCredentials, (await _access.DecideAsync(AccessRights.Read, ("x-functions-key", $"{endless}b"))).Verdict);
    }

    [Fact]
    public async Task LetsNobodyInWithoutTokensButToOpenOperations()
    {
        using var access = new MadeAccess(new AccessSettings { Tokens = [new AccessToken()], Users = [new AccessUser()], Issuers = [new AccessIssuer()] });

        Assert.Equal(AccessVerdict.NoCredentials, (await access.DecideAsync(AccessRights.Read)).Verdict);
        Assert.Equal(AccessVerdict.BadCredentials, (await access.DecideAsync(AccessRights.Read, ("Authorization", "Bearer "))).Verdict);
        Assert.Equal(AccessVerdict.BadPassword, (await access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("", "")))).Verdict);
        Assert.Equal(AccessVerdict.Allowed, (await access.DecideAsync(AccessRights.None)).Verdict);
    }

    [Fact]
    public async Task KnowsWhoAsksAnOpenOperation()
    {
        Assert.Equal("token:reader", (await _access.DecideAsync(AccessRights.None, ("Authorization", "Bearer r"))).CallerId);
        Assert.False((await _access.DecideAsync(AccessRights.None, ("Authorization", "Bearer x"))).IsIdentified);
        Assert.False((await _access.DecideAsync(AccessRights.None)).IsIdentified);
    }

    [Fact]
    public async Task ComparesNoPasswordForAnOpenOperation()
    {
        AccessDecision before = await _access.DecideAsync(AccessRights.None, ("Authorization", BasicOf("alice", "open sesame")));
        await _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("alice", "open sesame")));
        AccessDecision after = await _access.DecideAsync(AccessRights.None, ("Authorization", BasicOf("alice", "open sesame")));

        Assert.Equal((false, "user:alice"), (before.IsIdentified, after.CallerId));
    }

    [Fact]
    public async Task LetsPeopleInByTheirPasswords()
    {
        AccessDecision right = await _access.DecideAsync(AccessRights.Approve, ("Authorization", BasicOf("alice", "open sesame")));
        AccessDecision wrong = await _access.DecideAsync(AccessRights.Approve, ("Authorization", BasicOf("alice", "open barley")));
        AccessDecision unknown = await _access.DecideAsync(AccessRights.Approve, ("Authorization", BasicOf("Alice", "open sesame")));

        Assert.Equal((AccessVerdict.Allowed, "user:alice", "alice"), (right.Verdict, right.CallerId, right.Identity!.UserName));
        Assert.Equal((AccessVerdict.BadPassword, "alice"), (wrong.Verdict, wrong.UserName));
        Assert.Equal((AccessVerdict.BadPassword, "Alice"), (unknown.Verdict, unknown.UserName));
    }

    // Behind a proxy our own host is not the one of the page; browsers say which site it is of.
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "nonsense", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://localhost", true)]
    public async Task RefusesPasswordsThatABrowserAddsToAForeignPagesRequest(string header, string value, bool isAllowed)
    {
        AccessDecision basic = await _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("reader", "r")), (header, value));
        AccessDecision bearer = await _access.DecideAsync(AccessRights.Read, ("Authorization", "Bearer r"), (header, value));

        Assert.Equal(isAllowed ? AccessVerdict.Allowed : AccessVerdict.Refused, basic.Verdict);
        Assert.Equal(AccessVerdict.Allowed, bearer.Verdict);
    }

    [Fact]
    public async Task LimitsWrongTokensButNotRightOnes()
    {
        for (int i = 0; i < FailedAttempts.MaxPerWindow; i++)
        {
            Assert.Equal(AccessVerdict.BadCredentials, (await _access.DecideAsync(AccessRights.Read, ("Authorization", "Bearer x"))).Verdict);
        }

        AccessDecision tooMany = await _access.DecideAsync(AccessRights.Read, ("Authorization", "Bearer x"));

        Assert.Equal((AccessVerdict.TooManyFailures, FailedAttempts.Window), (tooMany.Verdict, tooMany.RetryAfter));
        Assert.Equal(AccessVerdict.Allowed, (await _access.DecideAsync(AccessRights.Read, ("Authorization", "Bearer r"))).Verdict);
        Assert.Equal(AccessVerdict.NoCredentials, (await _access.DecideAsync(AccessRights.Read)).Verdict);
    }

    // A password costs work, so one that is not remembered must wait like any other; one that is, need not.
    [Fact]
    public async Task ComparesNoFurtherPasswordOfAnAddressWithTooManyWrongOnes()
    {
        await _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("alice", "open sesame")));
        for (int i = 0; i < FailedAttempts.MaxPerWindow; i++)
        {
            await _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("alice", $"guess {i}")));
        }

        AccessDecision guess = await _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("alice", "guess")));
        AccessDecision remembered = await _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("alice", "open sesame")));

        Assert.Equal((AccessVerdict.TooManyFailures, AccessVerdict.Allowed), (guess.Verdict, remembered.Verdict));
    }

    [Fact]
    public async Task TakesBackTheCountOfARightPassword()
    {
        for (int i = 0; i < FailedAttempts.MaxPerWindow + 5; i++)
        {
            AccessDecision decision = await _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("alice", "open sesame")));
            _access.Time.Advance(TimeSpan.FromSeconds(1));

            Assert.Equal(AccessVerdict.Allowed, decision.Verdict);
        }

        Assert.Equal(AccessVerdict.BadCredentials, (await _access.DecideAsync(AccessRights.Read, ("Authorization", "Bearer x"))).Verdict);
    }

    [Fact]
    public async Task LetsAllInWhoSendTheSamePasswordAtOnce()
    {
        AccessDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Task.Run(() => _access.DecideAsync(AccessRights.Read, ("Authorization", BasicOf("alice", "open sesame"))))));

        Assert.All(decisions, decision => Assert.Equal(AccessVerdict.Allowed, decision.Verdict));
    }

    [Fact]
    public async Task DoesNotCountRequestsWithoutCredentials()
    {
        for (int i = 0; i < FailedAttempts.MaxPerWindow + 5; i++)
        {
            Assert.Equal(AccessVerdict.NoCredentials, (await _access.DecideAsync(AccessRights.Read)).Verdict);
        }
    }

    [Theory]
    [InlineData(true, AccessVerdict.BadCredentials)]
    [InlineData(false, AccessVerdict.TooManyFailures)]
    public async Task BelievesAForwardedAddressOnlyWhenToldTo(bool trust, AccessVerdict verdict)
    {
        using var access = new MadeAccess(Settings with { TrustForwardedFor = trust });

        AccessDecision decision = null!;
        for (int i = 0; i <= FailedAttempts.MaxPerWindow; i++)
        {
            decision = await access.DecideAsync(
                AccessRights.Read, ("Authorization", "Bearer x"), ("X-Forwarded-For", $"198.51.100.1, 192.0.2.{i}:4711"));
        }

        Assert.Equal(verdict, decision.Verdict);
    }

    [Fact]
    public async Task SaysThatItCannotKnowWhileStorageIsAway()
    {
        string text = ApiTokenText.New(ApiTokenKind.Generated).Text;

        await Assert.ThrowsAsync<StorageException>(() => _access.DecideAsync(AccessRights.Read, ("Authorization", $"Bearer {text}")));
        Assert.Equal(AccessVerdict.Allowed, (await _access.DecideAsync(AccessRights.None, ("Authorization", $"Bearer {text}"))).Verdict);
    }

    [Fact]
    public async Task NeedsNoTokenOnLoopback()
    {
        using var access = new MadeAccess(Settings, AccessMode.Loopback);

        Assert.Equal((AccessVerdict.Allowed, "loopback"), (await access.DecideAsync(AccessRights.Admin)) is var own ? (own.Verdict, own.CallerId) : default);
        Assert.Equal(
            AccessVerdict.Refused,
            (await access.DecideAsync(AccessRights.None, ("Origin", "https://evil.example"), ("Authorization", "Bearer a"))).Verdict);
    }

    private static string BasicOf(string name, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}";
}
