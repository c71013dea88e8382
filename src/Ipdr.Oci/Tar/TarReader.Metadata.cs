using System.Text;

namespace Ipdr.Oci.Tar;

public sealed partial class TarReader
{
    private PaxHeader? _global;
    private PaxHeader? _local;
    private string? _longName;
    private string? _longLink;
    private string _userName = "";
    private string _groupName = "";

    /// <summary>Whether something has been read that describes a member to come.</summary>
    private bool HasMetadata => _local is not null || _longName is not null || _longLink is not null;

    private void ForgetMetadata()
    {
        _local = null;
        _longName = _longLink = null;
        _member = null;
    }

    private async ValueTask ReadMetadataAsync(byte type, long size, CancellationToken cancellationToken)
    {
        bool isPax = type is TarTypeFlag.PaxLocal or TarTypeFlag.PaxGlobal;
        if (size > _options.MaxMetadataBytes)
            throw TarFaults.Limit(
                isPax ? "a pax header is too large" : "a GNU long name is too large", null, Position - TarBlock.Size,
                nameof(TarReaderOptions.MaxMetadataBytes), _options.MaxMetadataBytes, size);
        _member = null;
        BeginBody(size);
        long offset = Position;
        _metadata.ResetWrittenCount();
        while (_storedLeft > 0)
            _metadata.Advance(await ReadStoredAsync(_metadata.GetMemory(), cancellationToken).ConfigureAwait(false));
        await SkipRestOfBodyAsync(cancellationToken).ConfigureAwait(false);
        Apply(type, offset);
    }

    /// <summary>Of several headers of one kind in a row the last wins; global records stay until replaced one by one.</summary>
    private void Apply(byte type, long offset)
    {
        switch (type)
        {
            case TarTypeFlag.PaxLocal:
                _local = ReadPax(offset);
                break;
            case TarTypeFlag.PaxGlobal:
                _global = ReadPax(offset).AsGlobal(_global, _options);
                break;
            case TarTypeFlag.GnuLongName:
                _longName = TarText.Decode(TarText.UntilNul(_metadata.WrittenSpan));
                break;
            default:
                _longLink = TarText.Decode(TarText.UntilNul(_metadata.WrittenSpan));
                break;
        }
    }

    private PaxHeader ReadPax(long offset) => PaxHeader.Parse(_metadata.WrittenSpan.ToArray(), offset, _options.MaxPaxRecords);

    /// <summary>Makes the member of its header and of what came before it.</summary>
    /// <remarks>Local pax wins over GNU long names, those over global pax, and that over the header.</remarks>
    private TarEntry Describe(TarHeader header, out long storedSize)
    {
        PaxHeader? pax = _local?.Over(_global) ?? _global;
        string name = _local?.OwnText(PaxKeyword.Path) ?? _longName ?? pax?.Text(PaxKeyword.Path) ?? header.Name;
        TarEntryType type = TypeOf(header.TypeFlag, name);
        long size = pax?.Number(PaxKeyword.Size) ?? header.Size;
        // Old archives give links and directories the size of what they stand for; what only its slash makes a directory keeps its body.
        storedSize = type is TarEntryType.RegularFile or TarEntryType.Other || IsRegular(header.TypeFlag) ? size : 0;
        bool isDevice = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        return new TarEntry
        {
            Name = name,
            Type = type,
            TypeFlag = header.TypeFlag,
            Size = type == TarEntryType.Directory ? 0 : storedSize,
            LinkName = _local?.OwnText(PaxKeyword.LinkPath) ?? _longLink ?? pax?.Text(PaxKeyword.LinkPath)
                ?? TarText.Decode(header.Text(TarFields.LinkName)),
            Mode = header.Mode,
            Uid = pax?.Number(PaxKeyword.Uid) ?? header.Number(TarFields.Uid),
            Gid = pax?.Number(PaxKeyword.Gid) ?? header.Number(TarFields.Gid),
            UserName = pax?.Text(PaxKeyword.UserName) ?? Same(ref _userName, header.Text(TarFields.UserName)),
            GroupName = pax?.Text(PaxKeyword.GroupName) ?? Same(ref _groupName, header.Text(TarFields.GroupName)),
            ModificationTime = pax?.Time(PaxKeyword.ModificationTime) ?? new TarTime(header.Number(TarFields.ModificationTime)),
            DeviceMajor = isDevice ? header.Number(TarFields.DeviceMajor) : 0,
            DeviceMinor = isDevice ? header.Number(TarFields.DeviceMinor) : 0,
            HeaderOffset = header.Offset,
            BodyOffset = Position,
            PaxRecords = pax is null ? NoRecords : pax.Effective,
        };
    }

    private static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> NoRecords =>
        System.Collections.ObjectModel.ReadOnlyDictionary<string, ReadOnlyMemory<byte>>.Empty;

    private static bool IsRegular(byte type) => type is TarTypeFlag.OldRegular or TarTypeFlag.Regular;

    private static TarEntryType TypeOf(byte type, string name) => type switch
    {
        TarTypeFlag.OldRegular or TarTypeFlag.Regular => name.EndsWith('/') ? TarEntryType.Directory : TarEntryType.RegularFile,
        TarTypeFlag.Contiguous or TarTypeFlag.GnuSparse => TarEntryType.RegularFile,
        TarTypeFlag.HardLink => TarEntryType.HardLink,
        TarTypeFlag.SymbolicLink => TarEntryType.SymbolicLink,
        TarTypeFlag.CharacterDevice => TarEntryType.CharacterDevice,
        TarTypeFlag.BlockDevice => TarEntryType.BlockDevice,
        TarTypeFlag.Directory => TarEntryType.Directory,
        TarTypeFlag.Fifo => TarEntryType.Fifo,
        _ => TarEntryType.Other,
    };

    /// <summary>The text as a string; neighbours mostly have one owner, so the last string serves again.</summary>
    private static string Same(ref string last, ReadOnlySpan<byte> text) =>
        text.IsEmpty ? "" : Ascii.Equals(text, last) ? last : last = TarText.Decode(text);
}
