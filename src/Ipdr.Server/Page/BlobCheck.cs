namespace Ipdr.Server.Page;

/// <summary>When the blobs of an image are held against their digests.</summary>
internal enum BlobCheck
{
    /// <summary>When they came in; the store has nothing else.</summary>
    AtPush,

    /// <summary>Whenever they are read: they are put together of blocks, each of which is held against its CID.</summary>
    EveryBlock,

    /// <summary>By who pulls: they are sent as they lie on the disk.</summary>
    ByPuller,
}
