using System.Formats.Tar;
using CsCheck;
using Ipdr.Oci.Tar;
using PeerEntryType = System.Formats.Tar.TarEntryType;
using PeerReader = System.Formats.Tar.TarReader;
using PeerWriter = System.Formats.Tar.TarWriter;
using TarEntry = Ipdr.Oci.Tar.TarEntry;
using TarEntryType = Ipdr.Oci.Tar.TarEntryType;
using TarWriter = Ipdr.Oci.Tar.TarWriter;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>What is written is read again: by our reader and by that of the framework, and the other way round.</summary>
public sealed class TarRoundTripTests
{
    /// <summary>The framework has no later year than 9999.</summary>
    private const long LastSecondOf9998 = 253_370_764_799;

    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.Char['a', 'z'].Array[1, 30].Select(letters => new string(letters)),
        Gen.Char["äöπ漢 \n\\:"].Array[1, 8].Select(letters => new string(letters)),
        Gen.Const("\ud83d\ude00"));

    private static readonly Gen<string> ValidNames = Words.Array[1, 12].Select(words => string.Join('/', words));

    private static readonly Gen<string> AnyNames = Gen.OneOf(
        ValidNames,
        Gen.Byte[1, 255].Array[1, 300].Where(bytes => bytes[^1] != '/').Select(bytes => TarText.Decode(bytes)));

    private static readonly Gen<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Attributes = Gen
        .Select(Gen.Char['a', 'z'], Gen.Byte.Array[1, 40]).Array[0, 3].Select(pairs => (IReadOnlyDictionary<string, ReadOnlyMemory<byte>>)pairs
            .DistinctBy(pair => pair.Item1)
            .ToDictionary(pair => "SCHILY.xattr.user." + pair.Item1, pair => (ReadOnlyMemory<byte>)pair.Item2));

    private static readonly Gen<TarEntryType> Types = Gen.Int[0, (int)TarEntryType.Fifo].Select(type => (TarEntryType)type);

    [Fact]
    public async Task Any_members_come_back_as_they_were_written() => await Members(AnyNames, Gen.Long).SampleAsync(async members =>
    {
        TarReading reading = await TarReading.OfAsync(await WriteAsync(members));

        Assert.Null(reading.Fault);
        Assert.Equal(members.Select(member => Text(member.Entry)), reading.Entries.Select(Text));
        Assert.Equal(members.Select(member => Convert.ToHexString(member.Body)), reading.Bodies.Select(Convert.ToHexString));
    });

    [Fact]
    public async Task Equal_members_are_written_as_equal_bytes() => await Members(AnyNames, Gen.Long).SampleAsync(async members =>
        Assert.Equal(await WriteAsync(members), await WriteAsync([.. members.Select(member => (member.Entry with { HeaderOffset = 7 }, member.Body))])));

    [Fact]
    public async Task What_was_read_can_be_written_and_read_again() => await Members(AnyNames, Gen.Long).SampleAsync(async members =>
    {
        byte[] archive = await WriteAsync(members);
        TarReading reading = await TarReading.OfAsync(archive);

        Assert.Equal(archive, await WriteAsync([.. reading.Entries.Zip(reading.Bodies)]));
    });

    [Fact]
    public async Task The_framework_reads_what_we_write() => await Members(ValidNames, Gen.Long[0, LastSecondOf9998]).SampleAsync(async members =>
    {
        // It takes no line feed in a pax value.
        members = [.. members.Select(member => (member.Entry with
        {
            Name = member.Entry.Name.Replace('\n', '_'),
            LinkName = member.Entry.LinkName.Replace('\n', '_'),
            UserName = member.Entry.UserName.Replace('\n', '_'),
            GroupName = member.Entry.GroupName.Replace('\n', '_'),
            PaxRecords = new Dictionary<string, ReadOnlyMemory<byte>>(),
        }, member.Body))];
        using PeerReader reader = new(new MemoryStream(await WriteAsync(members)));
        foreach ((TarEntry entry, byte[] body) in members)
        {
            System.Formats.Tar.TarEntry? peer = await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.NotNull(peer);
            Assert.Equal((entry.Name, entry.LinkName, (long)body.Length), (peer.Name, peer.LinkName, peer.Length));
            Assert.Equal(body, ReadAll(peer.DataStream));
            // It takes times through double, and may round up.
            Assert.InRange(peer.ModificationTime.ToUnixTimeSeconds() - entry.ModificationTime.Seconds, 0, 1);
        }
        Assert.Null(await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken));
    });

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public async Task We_read_what_the_framework_writes(TarEntryFormat format)
    {
        (string Name, byte[] Body)[] members =
            [("plain", "content"u8.ToArray()), ("dir/sub/" + new string('n', 60), new byte[5000]), ("empty", [])];
        if (format is TarEntryFormat.Pax or TarEntryFormat.Gnu)
            members = [.. members, ("ünï/" + new string('漢', 200), new byte[513])];
        MemoryStream archive = new();
        using (PeerWriter writer = new(archive, leaveOpen: true))
        {
            foreach ((string name, byte[] body) in members)
                writer.WriteEntry(Peer(format, name, body));
        }

        TarReading reading = await TarReading.OfAsync(archive.ToArray());

        Assert.Null(reading.Fault);
        Assert.Equal(members.Select(member => member.Name), reading.Entries.Select(entry => entry.Name));
        Assert.Equal(members.Select(member => Convert.ToHexString(member.Body)), reading.Bodies.Select(Convert.ToHexString));
        Assert.All(reading.Entries, entry => Assert.Equal((1234L, new TarTime(1_600_000_000)), (entry.Uid, entry.ModificationTime)));
    }

    private static Gen<(TarEntry Entry, byte[] Body)[]> Members(Gen<string> names, Gen<long> seconds) => Gen.Select(
        names, Types, Gen.Byte.Array[0, 1200], Gen.Select(Gen.Int[0, (1 << 21) - 1], Gen.Long[0, 1L << 24], Gen.Long[0, 1L << 24], Gen.Int[0, 1000]),
        Gen.Select(names, names, seconds, Gen.OneOf(Gen.Const(0), Gen.Int[0, 999_999_999])), Attributes).Select(parts =>
    {
        (string name, TarEntryType type, byte[] body, (int mode, long uid, long gid, int device), (string link, string user, long second, int nano),
            IReadOnlyDictionary<string, ReadOnlyMemory<byte>> attributes) = parts;
        bool isDevice = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        body = type == TarEntryType.RegularFile ? body : [];
        return (new TarEntry
        {
            Name = name,
            Type = type,
            Size = body.Length,
            Mode = mode,
            Uid = uid,
            Gid = gid,
            UserName = user,
            GroupName = user,
            LinkName = type is TarEntryType.HardLink or TarEntryType.SymbolicLink ? link : "",
            ModificationTime = new TarTime(Math.Max(second, -long.MaxValue), nano),
            DeviceMajor = isDevice ? device : 0,
            DeviceMinor = isDevice ? device / 2 : 0,
            PaxRecords = attributes,
        }, body);
    }).Array[0, 5];

    private static async Task<byte[]> WriteAsync((TarEntry Entry, byte[] Body)[] members)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        MemoryStream output = new();
        await using TarWriter writer = new(output, leaveOpen: true);
        foreach ((TarEntry entry, byte[] body) in members)
        {
            if (body.Length % 2 == 0)
                await writer.WriteEntryAsync(entry, body, token);
            else
                await writer.WriteEntryAsync(entry, new MemoryStream(body), token);
        }
        await writer.CompleteAsync(token);
        return output.ToArray();
    }

    private static string Text(TarEntry entry) => string.Join(
        '|', entry.Name, entry.Type, entry.Size, entry.LinkName, entry.Mode, entry.Uid, entry.Gid, entry.UserName, entry.GroupName,
        entry.ModificationTime, entry.DeviceMajor, entry.DeviceMinor,
        string.Join(',', entry.ExtendedAttributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key + "=" + Convert.ToHexString(pair.Value.Span))));

    private static byte[] ReadAll(Stream? stream)
    {
        MemoryStream copy = new();
        stream?.CopyTo(copy);
        return copy.ToArray();
    }

    private static System.Formats.Tar.TarEntry Peer(TarEntryFormat format, string name, byte[] body)
    {
        System.Formats.Tar.TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(PeerEntryType.V7RegularFile, name),
            TarEntryFormat.Ustar => new UstarTarEntry(PeerEntryType.RegularFile, name),
            TarEntryFormat.Pax => new PaxTarEntry(PeerEntryType.RegularFile, name),
            _ => new GnuTarEntry(PeerEntryType.RegularFile, name),
        };
        entry.DataStream = new MemoryStream(body);
        entry.Uid = 1234;
        entry.ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000);
        return entry;
    }
}
