"""Writes the configuration, the ports, the keys and the rings of a lab. Arguments: its folder, how long tokens live (s)."""
import getpass
import json
import os
import socket
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet
from swift.common.ring import RingBuilder

LAB = Path(sys.argv[1])
TOKEN_SECONDS = sys.argv[2]
SERVERS = ('account', 'container', 'object')
S3_REGION = 'lab-1'


def check_attributes():
    """Swift keeps what it knows of an object in extended attributes of its file."""
    with tempfile.NamedTemporaryFile(dir=LAB / 'node/sdb1') as file:
        try:
            os.setxattr(file.name, 'user.swift.metadata', b'x' * 2000)
        except OSError as error:
            sys.exit(f'swift-lab: {LAB} has no user.* extended attributes ({error}); set TMPDIR to a folder that has')


def choose_ports():
    """Free ones, kept for the life of the lab."""
    path = LAB / 'ports.json'
    if path.exists():
        return json.loads(path.read_text())
    sockets = {name: socket.socket() for name in ('keystone', 'proxy', *SERVERS)}
    for one in sockets.values():
        one.bind(('127.0.0.1', 0))
    ports = {name: one.getsockname()[1] for name, one in sockets.items()}
    for one in sockets.values():
        one.close()
    path.write_text(json.dumps(ports))
    (LAB / 'ports').write_text(''.join(f'{name.upper()}_PORT={port}\n' for name, port in ports.items()))
    return ports


def write(name, text):
    (LAB / 'etc' / name).write_text(text)


def write_keystone(port):
    write('keystone.conf', f'''[DEFAULT]
log_file = {LAB}/log/keystone.log
use_stderr = false
public_endpoint = http://127.0.0.1:{port}/
[database]
connection = sqlite:///{LAB}/keystone/keystone.db
sqlite_synchronous = false
[cache]
enabled = true
backend = dogpile.cache.memory
# What it takes out of a credential would be gone from the cache in memory, too.
[credential]
caching = false
[token]
provider = fernet
expiration = {TOKEN_SECONDS}
allow_expired_window = 0
[fernet_tokens]
key_repository = {LAB}/keystone/fernet
[fernet_receipts]
key_repository = {LAB}/keystone/fernet
[identity]
password_hash_rounds = 4
''')
    # A file of the lab's own, so that its process can be told from any other Keystone.
    write('keystone.wsgi', 'from keystone.server.wsgi import initialize_public_application\n'
                           'application = initialize_public_application()\n')


def write_keys():
    keys = LAB / 'keystone/fernet'
    if keys.exists():
        return
    keys.mkdir(mode=0o700)
    for name in '01':
        (keys / name).write_bytes(Fernet.generate_key())


def write_servers(ports):
    for name in SERVERS:
        write(f'{name}-server.conf', f'''[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {ports[name]}
workers = 0
user = {getpass.getuser()}
swift_dir = {LAB}/etc
devices = {LAB}/node
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
[pipeline:main]
pipeline = healthcheck {name}-server
[app:{name}-server]
use = egg:swift#{name}
[filter:healthcheck]
use = egg:swift#healthcheck
''')


def write_proxy(ports):
    keystone = f'http://127.0.0.1:{ports["keystone"]}/v3'
    plain = ('catch_errors', 'gatekeeper', 'healthcheck', 'listing_formats', 'bulk', 'tempurl', 'copy', 'slo', 'dlo',
             'versioned_writes', 'symlink')
    filters = ''.join(f'[filter:{name}]\nuse = egg:swift#{name}\n' for name in plain)
    # Tokens are not cached, so that a revoked one is refused at once. With one disk, ten errors would put it out of use
    # for a minute: never here.
    write('proxy-server.conf', f'''[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {ports['proxy']}
workers = 0
user = {getpass.getuser()}
swift_dir = {LAB}/etc
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging listing_formats bulk tempurl authtoken s3api s3token \
keystoneauth copy container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
error_suppression_limit = 1000000
error_suppression_interval = 1
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = {keystone}
auth_url = {keystone}
auth_type = password
username = swift
password = swift-password
project_name = service
user_domain_id = default
project_domain_id = default
delay_auth_decision = true
service_token_roles_required = true
token_cache_time = -1
[filter:s3api]
use = egg:swift#s3api
location = {S3_REGION}
[filter:s3token]
use = egg:swift#s3token
auth_uri = {keystone}
delay_auth_decision = true
auth_type = password
auth_url = {keystone}
username = swift
password = swift-password
project_name = service
user_domain_id = default
project_domain_id = default
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, member
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:container-quotas]
use = egg:swift#container_quotas
[filter:account-quotas]
use = egg:swift#account_quotas
{filters}''')


def write_rings(ports):
    """One disk, one replica, few partitions."""
    for name in SERVERS:
        builder = RingBuilder(4, 1, 1)
        builder.add_dev(dict(region=1, zone=1, ip='127.0.0.1', port=ports[name], device='sdb1', weight=1.0))
        builder.rebalance()
        builder.get_ring().save(str(LAB / 'etc' / f'{name}.ring.gz'))


check_attributes()
chosen = choose_ports()
write_keystone(chosen['keystone'])
write_keys()
write_servers(chosen)
write_proxy(chosen)
if not (LAB / 'etc/object.ring.gz').exists():
    write_rings(chosen)
write('swift.conf', '[swift-hash]\nswift_hash_path_prefix = lab\nswift_hash_path_suffix = lab\n')
