using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ImageScan.Core.Access;

/// <summary>
/// The configured users. Comparing a password takes up to half a second of CPU, so it is done for few at a time, and a right one is remembered,
/// by a hash whose key never leaves the process, for minutes.
/// </summary>
public sealed partial class PasswordTable : IDisposable
{
    /// <summary>How long a right password is not computed again. Users are settings, so nobody is locked out without a restart anyway.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    // bcrypt reads no more of a password (https://www.usenix.org/legacy/events/usenix99/provos/provos_html/node4.html).
    private const int MaxPasswordBytes = 72;

    // htpasswd's default is 5 (https://httpd.apache.org/docs/2.4/programs/htpasswd.html); each step doubles the work, 12 takes half a second.
    private const int MinCost = 4;
    private const int MaxCost = 12;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly (AccessUser User, AccessIdentity Caller)[] _users;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<string, (byte[] Hash, long At)> _remembered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<AccessIdentity?>> _running = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _places = new(2);
    private readonly TimeProvider _time;

    /// <summary>Throws <see cref="FormatException"/>, naming the setting, if a hash is no bcrypt, a name is none or there twice.</summary>
    public PasswordTable(AccessSettings settings, TimeProvider time)
    {
        _time = time;
        _users =
        [
            .. settings.Users.Index().Where(entry => entry.Item != new AccessUser())
                .Select(entry => (Checked(entry.Item, entry.Index), CallerOf(entry.Item))),
        ];
        if (_users.GroupBy(known => known.User.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new FormatException($"Access__Users has '{twice.Key}' twice.");
        }
    }

    /// <summary>Whether there is any user; if not, no password need be looked at.</summary>
    public bool HasUsers => _users.Length > 0;

    /// <summary>
    /// The user with this password if it was found right minutes ago, or is being compared for somebody else; null says nothing. Throws as
    /// <see cref="FindAsync"/>.
    /// </summary>
    public Task<AccessIdentity?> FindKnownAsync(string name, string password, CancellationToken cancellationToken)
    {
        byte[] hash = HashOf(name, password);
        lock (_lock)
        {
            if (_remembered.TryGetValue(name, out (byte[] Hash, long At) known) && _time.GetElapsedTime(known.At) < Remembered
                && CryptographicOperations.FixedTimeEquals(hash, known.Hash))
            {
                return Task.FromResult<AccessIdentity?>(UserOf(name)!.Value.Caller);
            }

            return _running.TryGetValue(Convert.ToHexString(hash), out Task<AccessIdentity?>? running)
                ? running.WaitAsync(cancellationToken)
                : Task.FromResult<AccessIdentity?>(null);
        }
    }

    /// <summary>
    /// The user with this password; null if there is none, which takes as long to find out. Throws <see cref="PasswordsBusyException"/> if too many
    /// passwords are being compared already.
    /// </summary>
    public async Task<AccessIdentity?> FindAsync(string name, string password, CancellationToken cancellationToken)
    {
        if (!HasUsers)
        {
            return null;
        }

        string key = Convert.ToHexString(HashOf(name, password));
        Task<AccessIdentity?> comparison;
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out comparison!))
            {
                // It is for all who send the same meanwhile, so it does not end with the first of them.
                comparison = Task.Run(() => CompareAsync(name, password, key), CancellationToken.None);
                _running.Add(key, comparison);
            }
        }

        return await comparison.WaitAsync(cancellationToken);
    }

    public void Dispose() => _places.Dispose();

    private async Task<AccessIdentity?> CompareAsync(string name, string password, string key)
    {
        try
        {
            if (!await _places.WaitAsync(LongestWait))
            {
                throw new PasswordsBusyException();
            }

            try
            {
                (AccessUser User, AccessIdentity Caller)? known = UserOf(name);
                bool fits = Fits(password, (known?.User ?? StandInFor(name)).Hash) && known is not null;
                if (fits)
                {
                    lock (_lock)
                    {
                        _remembered[name] = (HashOf(name, password), _time.GetTimestamp());
                    }
                }

                return fits ? known!.Value.Caller : null;
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(key);
            }
        }
    }

    private static bool Fits(string password, string hash)
    {
        // A longer one is compared all the same, so that it takes as long, and never fits.
        bool isShort = Encoding.UTF8.GetByteCount(password) <= MaxPasswordBytes;
        return BCrypt.Net.BCrypt.Verify(isShort ? password : "", hash) && isShort;
    }

    private (AccessUser User, AccessIdentity Caller)? UserOf(string name)
    {
        int index = Array.FindIndex(_users, known => known.User.Name == name);
        return index < 0 ? null : _users[index];
    }

    // An unknown name is always compared with the same user's hash: what it costs tells no more than that some user's costs that much.
    private AccessUser StandInFor(string name) => _users[HashOf(name, "")[0] % _users.Length].User;

    private byte[] HashOf(string name, string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{name}:{password}"));

    private static AccessUser Checked(AccessUser user, int index)
    {
        string setting = $"Access__Users__{user.NumberOr(index)}";
        if (user.Name.Length == 0 || user.Name.Contains(':', StringComparison.Ordinal) || user.Name.Any(char.IsControl))
        {
            throw new FormatException($"{setting}__Name is no user name: some characters, no colon.");
        }

        if (!BcryptHash().IsMatch(user.Hash) || int.Parse(user.Hash.AsSpan(4, 2), CultureInfo.InvariantCulture) is < MinCost or > MaxCost)
        {
            throw new FormatException($"{setting}__Hash is no bcrypt hash with a cost of {MinCost} to {MaxCost}: htpasswd -nbB NAME PASSWORD prints one.");
        }

        return Enum.IsDefined(user.Role) ? user : throw new FormatException($"{setting}__Role is none of {string.Join(", ", Enum.GetNames<AccessRole>())}.");
    }

    private static AccessIdentity CallerOf(AccessUser user) => new($"user:{user.Name}", user.Name, [user.Role]) { UserId = user.Name, UserName = user.Name };

    [GeneratedRegex(@"\A\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex BcryptHash();
}

/// <summary>More passwords are to be compared than there is time for.</summary>
public sealed class PasswordsBusyException() : Exception("Too many passwords are being compared; try again in some seconds.");
