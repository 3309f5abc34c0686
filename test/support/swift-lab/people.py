"""Makes the users, the project and the catalog entry of a lab and writes lab.json. Argument: the lab's folder."""
import json
import sys
import urllib.request
from pathlib import Path

LAB = Path(sys.argv[1])
PORTS = json.loads((LAB / 'ports.json').read_text())
KEYSTONE = f'http://127.0.0.1:{PORTS["keystone"]}/v3'
DEFAULT = {'id': 'default'}
token = None


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(KEYSTONE + path, method=method, data=data)
    request.add_header('Content-Type', 'application/json')
    if token:
        request.add_header('X-Auth-Token', token)
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read()
        return (json.loads(text) if text else {}), answer.headers


def make(kind, **fields):
    return call('POST', f'/{kind}s', {kind: fields})[0][kind]['id']


admin = {'name': 'admin', 'domain': DEFAULT, 'password': 'admin-password'}
identity = {'methods': ['password'], 'password': {'user': admin}}
scope = {'project': {'name': 'admin', 'domain': DEFAULT}}
token = call('POST', '/auth/tokens', {'auth': {'identity': identity, 'scope': scope}})[1]['X-Subject-Token']
roles = {role['name']: role['id'] for role in call('GET', '/roles')[0]['roles']}


def person(name, password, project, role):
    user = make('user', name=name, domain_id='default', password=password)
    call('PUT', f'/projects/{project}/users/{user}/roles/{roles[role]}')
    # The same person for S3: the access key is the name, the secret the password.
    blob = json.dumps({'access': name, 'secret': password})
    make('credential', type='ec2', blob=blob, user_id=user, project_id=project)


service = make('project', name='service', domain_id='default')
artifacts = make('project', name='artifacts', domain_id='default')
person('swift', 'swift-password', service, 'admin')
person('uploader', 'uploader-password', artifacts, 'member')
# May log in, and do nothing in Swift.
person('outsider', 'outsider-password', artifacts, 'reader')
swift = make('service', name='swift', type='object-store')
for interface in ('public', 'internal'):
    make('endpoint', service_id=swift, interface=interface, region_id='RegionOne',
         url=f'http://127.0.0.1:{PORTS["proxy"]}/v1/AUTH_%(tenant_id)s')
(LAB / 'lab.json').write_text(json.dumps({
    'keystonePort': PORTS['keystone'],
    'proxyPort': PORTS['proxy'],
    'account': f'AUTH_{artifacts}',
    'region': 'RegionOne',
}))
