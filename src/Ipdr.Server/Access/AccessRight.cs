namespace Ipdr.Server.Access;

/// <summary>What a request needs.</summary>
internal enum AccessRight
{
    /// <summary>To see what is there.</summary>
    Pull,

    /// <summary>To change it.</summary>
    Push,

    /// <summary>To be somebody: the question that clients ask first, to learn whether to send who they are.</summary>
    Login,
}
