using ImageScan.Core.Access;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Access;

public sealed class PasswordTableTests : IDisposable
{
    // htpasswd -nbB alice 'open sesame'; htpasswd -nbBC 10 bob 'grün:9' (Apache 2.4.65)
    public const string HashOfOpenSesame = "$2y$05$iEXhTYyMvuSHtMgOpJmvoOJ3RpONJ9Ui/rvz6E9oYy85rV2HcF2k.";
    private const string HashOfGruen = "$2y$10$mr49wtScICQrPHEUy1Vrne7IGL95xWZNwmXgMp5rqahyaATrxK04S";

    private static readonly AccessUser Alice = new() { Name = "alice", Hash = HashOfOpenSesame, Role = AccessRole.Admin };
    private static readonly AccessUser Bob = new() { Name = "bob", Hash = HashOfGruen };

    private readonly FakeTimeProvider _time = new();
    private readonly PasswordTable _table;

    public PasswordTableTests() => _table = new PasswordTable(new AccessSettings { Users = [Alice, Bob] }, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData("alice", "open sesame", "user:alice")]
    [InlineData("bob", "grün:9", "user:bob")]
    [InlineData("alice", "Open sesame", null)]
    [InlineData("alice", "", null)]
    [InlineData("alice", "grün:9", null)]
    [InlineData("ALICE", "open sesame", null)]
    [InlineData("", "open sesame", null)]
    [InlineData("carol", "open sesame", null)]
    public async Task FindsWhoHasThePassword(string name, string password, string? caller) =>
        Assert.Equal(caller, (await _table.FindAsync(name, password, Token))?.Id);

    // bcrypt reads 72 bytes, so what begins like the password would fit.
    [Fact]
    public async Task RefusesPasswordsThatAreLongerThanBcryptReads()
    {
        string longest = new('a', 72);
        using var table = new PasswordTable(
            new AccessSettings { Users = [Alice with { Hash = "$2a$04$.UzhUmBDHQVLTW7eyzqWx.R6tkUnnrMoIwvEGevjfdwIxC1wda9aa" }] }, _time);

        Assert.NotNull(await table.FindAsync("alice", longest, Token));
        Assert.Null(await table.FindAsync("alice", longest + "b", Token));
        Assert.Null(await table.FindAsync("alice", new string('ä', 40), Token));
    }

    [Fact]
    public async Task RemembersARightPasswordForMinutes()
    {
        Assert.Null(await _table.FindKnownAsync("alice", "open sesame", Token));
        await _table.FindAsync("alice", "open sesame", Token);

        Assert.Equal("user:alice", (await _table.FindKnownAsync("alice", "open sesame", Token))?.Id);
        Assert.Null(await _table.FindKnownAsync("alice", "open barley", Token));
        Assert.Null(await _table.FindKnownAsync("bob", "open sesame", Token));

        _time.Advance(PasswordTable.Remembered);
        Assert.Null(await _table.FindKnownAsync("alice", "open sesame", Token));
    }

    [Fact]
    public async Task RemembersNoWrongPassword()
    {
        await _table.FindAsync("alice", "open barley", Token);

        Assert.Null(await _table.FindKnownAsync("alice", "open barley", Token));
    }

    [Theory]
    [InlineData("plain", "Access__Users__0__Hash is no bcrypt hash")]
    [InlineData("$apr1$abc$def", "Access__Users__0__Hash is no bcrypt hash")]
    [InlineData("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "Access__Users__0__Hash is no bcrypt hash")]
    [InlineData("$2y$31$iEXhTYyMvuSHtMgOpJmvoOJ3RpONJ9Ui/rvz6E9oYy85rV2HcF2k.", "Access__Users__0__Hash is no bcrypt hash with a cost of 4 to 12")]
    [InlineData("$2y$05$iEXhTYyMvuSHtMgOpJmvoOJ3RpONJ9Ui/rvz6E9oYy85rV2HcF2k.\n", "Access__Users__0__Hash is no bcrypt hash")]
    public void RefusesOtherHashes(string hash, string message) => Assert.StartsWith(message, Refusal(Alice with { Hash = hash }), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a\nb")]
    public void RefusesNamesThatBasicCannotSend(string name) =>
        Assert.StartsWith("Access__Users__0__Name is no user name", Refusal(Alice with { Name = name }), StringComparison.Ordinal);

    [Fact]
    public void RefusesANameThatIsThereTwice() => Assert.Equal("Access__Users has 'alice' twice.", Refusal(Alice, Bob, Alice));

    private static string Refusal(params AccessUser[] users) =>
        Assert.Throws<FormatException>(() => new PasswordTable(new AccessSettings { Users = users }, new FakeTimeProvider())).Message;
}
